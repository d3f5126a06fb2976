/** What JSONata's and JSONPath's functions for arrays and hashes have in common. Each throws a RangeError. */

import { createHash } from 'node:crypto';

/** "Items in the array cannot exceed 1,000" (developer guide, "Intrinsics for arrays"). */
const MAX_RANGE_ITEMS = 1_000;

const HASH_ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ['MD5', 'md5'],
  ['SHA-1', 'sha1'],
  ['SHA-256', 'sha256'],
  ['SHA-384', 'sha384'],
  ['SHA-512', 'sha512'],
]);

/** Cuts an array into chunks; the last one may be shorter. */
export function partition<T>(items: readonly T[], size: number): T[][] {
  if (!Number.isInteger(size) || size < 1) throw new RangeError('The chunk size must be a positive integer');
  return Array.from({ length: Math.ceil(items.length / size) }, (_, part) =>
    items.slice(part * size, (part + 1) * size),
  );
}

/** The numbers from the first up to, and with, the last. */
export function range(first: number, last: number, step: number): number[] {
  if (step === 0) throw new RangeError('The step must not be 0');
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  if (!(length <= MAX_RANGE_ITEMS)) throw new RangeError(`The array cannot hold more than ${MAX_RANGE_ITEMS} items`);
  return Array.from({ length }, (_, index) => first + index * step);
}

/** The hash of a text, in hexadecimal digits. */
export function hash(text: string, algorithm: string): string {
  const name = HASH_ALGORITHMS.get(algorithm);
  if (name === undefined) throw new RangeError(`'${algorithm}' is none of ${[...HASH_ALGORITHMS.keys()].join(', ')}`);
  return createHash(name).update(text).digest('hex');
}
