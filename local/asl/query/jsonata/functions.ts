import { createHash } from 'node:crypto';
import jsonata from 'jsonata';
import { createRandom, type Random } from '../../random.ts';

/**
 * Adds the functions that Step Functions adds to JSONata, but for those that depend on the execution, and takes away
 * $eval, which it does not have (developer guide, "JSONata functions provided by Step Functions").
 */
export function registerFunctions(expression: jsonata.Expression): void {
  expression.registerFunction('partition', partition, '<an:a<a>>');
  expression.registerFunction('range', range, '<nnn:a<n>>');
  expression.registerFunction('hash', hash, '<xs:s>');
  expression.registerFunction('parse', (text: string) => JSON.parse(text), '<s:x>');
  expression.assign('eval', undefined);
}

/** The most items that an array function may make: what AWS documents for States.ArrayRange. */
const MAX_RANGE_ITEMS = 1_000;

const HASH_ALGORITHMS: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

function partition(items: unknown[], size: number): unknown[][] {
  if (!Number.isInteger(size) || size < 1) throw new RangeError(`$partition: the size ${size} is no positive integer`);
  return Array.from({ length: Math.ceil(items.length / size) }, (_, part) =>
    items.slice(part * size, (part + 1) * size),
  );
}

function range(first: number, last: number, step: number): number[] {
  if (step === 0 || ![first, last, step].every(Number.isFinite)) {
    throw new RangeError(`$range: no steps of ${step} lead from ${first} to ${last}`);
  }
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  if (length > MAX_RANGE_ITEMS)
    throw new RangeError(`$range: ${length} items are over the limit of ${MAX_RANGE_ITEMS}`);
  return Array.from({ length }, (_, index) => first + index * step);
}

function hash(value: unknown, algorithm: string): string {
  const name = HASH_ALGORITHMS[algorithm];
  if (name === undefined) {
    throw new RangeError(`$hash: '${algorithm}' is none of ${Object.keys(HASH_ALGORITHMS).join(', ')}`);
  }
  return createHash(name)
    .update(typeof value === 'string' ? value : JSON.stringify(value))
    .digest('hex');
}

/** $random: the same number for the same seed, the next one of the execution without. */
export function drawRandom(source: Random, seed?: number): number {
  return (seed === undefined ? source : createRandom(`$random ${seed}`)).next();
}

const FROM_MILLIS = jsonata('$fromMillis($millis, $picture, $timezone)');

/** $now, which jsonata itself binds to the real clock. */
export function formatNow(millis: number, picture?: string, timezone?: string): Promise<string> {
  return FROM_MILLIS.evaluate(undefined, { millis, picture, timezone });
}
