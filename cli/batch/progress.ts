import type { Writer } from '../log/writer.ts';
import type { Pulse } from './target.ts';

export interface BatchCounts {
  readonly total: number;
  readonly succeeded: number;
  /** Those that timed out or were stopped included. */
  readonly failed: number;
  readonly running: number;
}

export interface BatchState extends BatchCounts {
  readonly pulse: Pulse;
  readonly concurrency: number;
  /** US dollars of an answer as planned, until it is known. */
  readonly plannedUsdEach: number | undefined;
}

/** A terminal gets one line that changes, anything else a line every few seconds. `now` is in milliseconds. */
export interface BatchProgress {
  show(state: BatchState): void;
  /** Leaves the last line standing. */
  end(): void;
}

const LINE_EVERY_MS = 5_000;
const ERASE = '\r\u001b[2K';

/** Speed is that of the last looks: the beginning, and what was done before, say little of the rest. */
const WINDOW_MS = 30_000;

export function createBatchProgress(stream: Writer, now: () => number): BatchProgress {
  const looks: { at: number; done: number }[] = [];
  let shownAt = Number.NEGATIVE_INFINITY;
  let last = '';
  return {
    show(state) {
      const done = state.succeeded + state.failed;
      const at = now();
      looks.push({ at, done });
      while (looks.length > 2 && at - (looks[0]?.at ?? at) > WINDOW_MS) looks.shift();
      const [first = { at, done }] = looks;
      const perSecond = at === first.at ? 0 : ((done - first.done) / (at - first.at)) * 1_000;
      last = wordState(state, perSecond);
      if (stream.isTTY) stream.write(`${ERASE}${last}`);
      else if (at - shownAt >= LINE_EVERY_MS) {
        stream.write(`${last}\n`);
        shownAt = at;
        last = '';
      }
    },
    end() {
      if (last !== '') stream.write(stream.isTTY ? '\n' : `${last}\n`);
      last = '';
    },
  };
}

function wordState(state: BatchState, perSecond: number): string {
  const { total, succeeded, failed, pulse, concurrency, plannedUsdEach } = state;
  const { throttled, retried, usdEach = plannedUsdEach } = pulse;
  const done = succeeded + failed;
  const parts = [`${count(done)} of ${count(total)} done`, `${count(failed)} failed`];
  if (retried !== undefined) parts.push(`${count(retried)} retried`);
  if (throttled !== undefined) parts.push(`${count(throttled)} throttled`);
  if (usdEach !== undefined) parts.push(`about ${dollars(usdEach * succeeded)}`);
  parts.push(`${concurrency} at a time`);
  if (perSecond > 0) parts.push(`${duration((total - done) / perSecond)} left`);
  return parts.join(', ');
}

export function count(number: number): string {
  return number.toLocaleString('en-US');
}

export function dollars(usd: number): string {
  return `$${usd.toFixed(usd < 1 ? 4 : 2)}`;
}

/** `2 h 5 min`, `3 min 20 s`, `4 s` */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor((whole % 3_600) / 60)];
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
}
