/** What varies from call to call, the same for the same seed. */
export interface Chance {
  /** From 0 up to, but not including, 1. */
  uniform(): number;
  /** Of the standard normal distribution. */
  normal(): number;
}

/** Seconds that calls take: a lognormal distribution, given by two of its percentiles. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

/** The 99th percentile of the standard normal distribution. */
const Z_99 = 2.326_347_874;

/** The generator is "mulberry32": 32 bits of state, one multiplication or two a number. The seed is a whole number. */
export function createChance(seed: number): Chance {
  let state = seed | 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    uniform,
    // Box and Muller's transform; 1 - uniform() is never 0.
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}

/** The shape of the normal distribution under a lognormal one. */
export function spreadOf({ p50, p99 }: Latency): number {
  return Math.log(p99 / p50) / Z_99;
}

/** Seconds that a call takes in the mean. */
export function meanSeconds(latency: Latency): number {
  return latency.p50 * Math.exp(spreadOf(latency) ** 2 / 2);
}
