import { type Json, setKey } from '../../json.ts';

/** Values and characters of a result: 4 times what a state may put out, and only that is States.DataLimitExceeded. */
const MAX_SIZE = 1_048_576;

/**
 * Copies a result of jsonata into plain JSON: its arrays carry a hidden `sequence`, its objects have no prototype, and
 * both may be the input itself. Undefined values and functions are left out of objects, as JSON does. Undefined for what
 * is no JSON; calls `refuse` with a RangeError where the result is too large or too deep.
 */
export function copyResult(value: unknown, refuse: (error: RangeError) => never): Json | undefined {
  const size = { left: MAX_SIZE };
  try {
    return copy(value, size);
  } catch (error) {
    if (error instanceof RangeError) refuse(error);
    throw error;
  }
}

function copy(value: unknown, size: { left: number }): Json | undefined {
  size.left -= typeof value === 'string' ? value.length : 1;
  if (size.left < 0) throw new RangeError(`The result holds more than ${MAX_SIZE} values and characters`);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (Array.isArray(value)) return value.map((item) => copy(item, size) ?? null);
  if (typeof value !== 'object' || '_jsonata_lambda' in value || '_jsonata_function' in value) return undefined;
  const result: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value)) {
    size.left -= key.length;
    const json = copy(item, size);
    if (json !== undefined) setKey(result, key, json);
  }
  return result;
}
