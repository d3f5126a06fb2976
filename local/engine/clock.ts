/** Time as executions see it, in milliseconds since the epoch. */
export interface Clock {
  now(): number;
  /** Calls back once at the given time, or soon when it has passed. The function returned cancels that. */
  at(time: number, callback: () => void): () => void;
  /** As `at`, for the time by which others must have answered: real time, also where waits take none. */
  deadline?(time: number, callback: () => void): () => void;
  /** Jumps to the next time that somebody waits for, if any; only clocks whose waits take no real time have it. */
  skip?(): boolean;
}

/** The longest delay of setTimeout. */
const MAX_DELAY_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: Date.now,
  at(time, callback) {
    let timer: NodeJS.Timeout;
    const wait = (): void => {
      const left = time - Date.now();
      timer =
        left <= 0
          ? setTimeout(callback, 0)
          : setTimeout(left > MAX_DELAY_MS ? wait : callback, Math.min(left, MAX_DELAY_MS));
    };
    wait();
    return () => clearTimeout(timer);
  },
};

/** A clock for an execution that another one starts: it begins at `from`, or now when that is later. */
export function createChildClock(parent: Clock, from: number): Clock {
  if (!parent.skip) return parent; // it is the time of both
  const ahead = Math.max(0, from - parent.now());
  const { deadline, now } = parent;
  return createSkippingClock(() => now() + ahead, deadline && { now, at: deadline });
}

/** The clock, put forward where it shows less than the time given: an execution's time never goes back. */
export function notBefore(clock: Clock, time: number): Clock {
  const ahead = Math.max(0, time - clock.now());
  if (ahead === 0) return clock;
  const { deadline, skip } = clock;
  return {
    now: () => clock.now() + ahead,
    at: (until, callback) => clock.at(until - ahead, callback),
    ...(deadline && { deadline: (until: number, callback: () => void) => deadline(until - ahead, callback) }),
    ...(skip && { skip }),
  };
}

/**
 * A clock for one execution, whose waits take no real time and still show: it runs with `base` and is put forward by
 * each wait that it skips. With a base that stands still, time passes only by waiting. Deadlines are skipped too, unless
 * there is a clock of those who answer; by that clock a wait ends as well, where the execution cannot skip to it because
 * a task has not answered.
 */
export function createSkippingClock(base: () => number, answering?: Clock): Clock {
  let skipped = 0;
  const waits = new Set<{ readonly time: number; readonly end: () => void }>();
  const deadline: Clock['deadline'] =
    answering && ((time, callback) => answering.at(answering.now() + time - clock.now(), callback));
  const clock: Clock = {
    now: () => base() + skipped,
    at(time, callback) {
      const cancel = (): void => {
        waits.delete(wait);
        cancelReal?.();
      };
      const end = (): void => {
        cancel();
        callback();
      };
      const wait = { time, end };
      waits.add(wait);
      const cancelReal = deadline?.(time, end);
      return cancel;
    },
    skip() {
      let next: { readonly time: number; readonly end: () => void } | undefined;
      for (const wait of waits) if (!next || wait.time < next.time) next = wait;
      if (!next) return false;
      skipped += Math.max(0, next.time - clock.now());
      next.end();
      return true;
    },
    ...(deadline && { deadline }),
  };
  return clock;
}
