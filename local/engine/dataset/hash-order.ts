/** A java.util.HashMap begins with so many buckets, and doubles them when three quarters are taken. */
const FIRST_BUCKETS = 16;
const LOAD_FACTOR = 0.75;

/**
 * Texts in the order in which a java.util.HashMap of them gives them: recordings show the fields of a CSV item in it,
 * whatever the order of the columns.
 */
export function hashOrder(texts: readonly string[]): string[] {
  let buckets = FIRST_BUCKETS;
  while (texts.length > buckets * LOAD_FACTOR) buckets *= 2;
  // Sorting is stable: texts of one bucket stay in the order in which they came.
  return [...texts].sort((a, b) => bucketOf(a, buckets) - bucketOf(b, buckets));
}

function bucketOf(text: string, buckets: number): number {
  let hash = 0;
  for (let index = 0; index < text.length; index += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  return (hash ^ (hash >>> 16)) & (buckets - 1);
}
