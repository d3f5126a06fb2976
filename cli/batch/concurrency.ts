/** How many prompts run at a time, as throttling allows. */
export interface ConcurrencyControl {
  readonly concurrency: number;
  /** Takes how many calls were throttled since the look before; `now` is in milliseconds. Returns the new concurrency. */
  observe(throttled: number, now: number): number;
}

/** A change shows after the retries of what was throttled before: throttling within this time is still the old one's. */
const SETTLING_MS = 15_000;

/** Without throttling for this long there may be room for more. */
const QUIET_MS = 30_000;

const LESS = 0.5;
const MORE = 1.1;

/** Lowers by half on throttling and raises by a tenth when it is quiet, from 1 to `most`. */
export function createConcurrencyControl(start: number, most: number, now: number): ConcurrencyControl {
  let concurrency = start;
  let loweredAt = Number.NEGATIVE_INFINITY;
  let changedAt = now;
  return {
    get concurrency() {
      return concurrency;
    },
    observe(throttled, at) {
      if (throttled > 0) {
        if (at - loweredAt >= SETTLING_MS) {
          concurrency = Math.max(1, Math.floor(concurrency * LESS));
          loweredAt = at;
        }
        changedAt = at;
      } else if (at - changedAt >= QUIET_MS && concurrency < most) {
        concurrency = Math.min(most, Math.max(concurrency + 1, Math.floor(concurrency * MORE)));
        changedAt = at;
      }
      return concurrency;
    },
  };
}
