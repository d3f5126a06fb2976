/** A part of a time range, and how many ended in it. */
export interface Bucket {
  /** Milliseconds since the epoch, as all times here. */
  readonly from: number;
  readonly succeeded: number;
  readonly failed: number;
}

/** When something ended, and how. */
export interface End {
  readonly at: number;
  readonly isFailed: boolean;
}

const BUCKETS = 30;

/** Counts ends by parts of a time range, all of one length; what ended at its very end is in the last one. */
export function toBuckets(ends: readonly End[], from: number, to: number): Bucket[] {
  const length = (to - from) / BUCKETS;
  const buckets = Array.from({ length: BUCKETS }, (_, index) => ({
    from: from + index * length,
    succeeded: 0,
    failed: 0,
  }));
  for (const { at, isFailed } of ends) {
    const bucket = buckets[Math.min(BUCKETS - 1, Math.floor((at - from) / length))];
    if (bucket) bucket[isFailed ? 'failed' : 'succeeded'] += 1;
  }
  return buckets;
}
