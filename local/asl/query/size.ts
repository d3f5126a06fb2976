/** Characters of a text that count as one value. */
const CHARACTERS_OF_VALUE = 64;

/** Sizes of what does not change any more. */
const sizes = new WeakMap<object, number>();

/** How many values a value holds, itself and parts of long texts included; what is shared is counted each time. */
export function sizeOf(value: unknown): number {
  if (typeof value === 'string') return 1 + Math.floor(value.length / CHARACTERS_OF_VALUE);
  // jsonata's functions lead to all that they were made in.
  const isData = typeof value === 'object' && value !== null && !('_jsonata_lambda' in value);
  if (!isData || '_jsonata_function' in value) return 1;
  const known = sizes.get(value);
  if (known !== undefined) return known;
  let size = 1;
  for (const child of Array.isArray(value) ? value : Object.values(value)) size += sizeOf(child);
  sizes.set(value, size);
  return size;
}
