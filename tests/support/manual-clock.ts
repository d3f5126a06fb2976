import { setImmediate as macrotask } from 'node:timers/promises';
import type { Clock } from '../../local/engine/clock.ts';

export interface ManualClock extends Clock {
  /** Puts the time forward, calls back everybody whose time has come, and lets them go on. */
  advance(millis: number): Promise<void>;
  /** How many wait for a time. */
  waiting(): number;
  /** The next time that somebody waits for. */
  next(): number | undefined;
}

/** A clock that stands still but for `advance`. */
export function createManualClock(start: number): ManualClock {
  let now = start;
  const waits = new Set<{ readonly time: number; readonly callback: () => void }>();
  return {
    now: () => now,
    at(time, callback) {
      const wait = { time, callback };
      waits.add(wait);
      return () => waits.delete(wait);
    },
    async advance(millis) {
      now += millis;
      for (const wait of [...waits].filter(({ time }) => time <= now)) {
        waits.delete(wait);
        wait.callback();
      }
      // One turn of the event loop, and another one for executions that pause to let others run.
      for (let turn = 0; turn < 2; turn += 1) await macrotask();
    },
    waiting: () => waits.size,
    next: () => (waits.size === 0 ? undefined : Math.min(...Array.from(waits, ({ time }) => time))),
  };
}
