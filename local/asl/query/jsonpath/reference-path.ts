import { STATES_ERRORS } from '../../error-names.ts';
import { isObject, type Json, setKey } from '../../json.ts';
import { QueryError } from '../template.ts';
import { parsePath } from './path-parser.ts';

/** A path that names one place, to be written to. */
export type ReferencePath = (input: Json, value: Json) => Json;

/**
 * Compiles a ResultPath: gives a copy of the input with the value put there, with the objects on the way that are
 * missing. Throws a SyntaxError on a path that is no reference path ("Reference Paths", States Language). The function
 * throws a QueryError on an input that has no such place.
 */
export function compileReferencePath(text: string, field: string): ReferencePath {
  const path = parsePath(text);
  const keys = path.steps.map((step) => {
    if (step.kind === 'keys' && step.keys.length === 1) return step.keys[0];
    return step.kind === 'indexes' && step.indexes.length === 1 ? step.indexes[0] : undefined;
  });
  if (path.root.kind !== 'value' || path.function !== undefined || !isComplete(keys)) {
    throw new SyntaxError(`The value for the field '${field}' must be a valid Reference Path: ${text}`);
  }
  return (input, value) => {
    const result = put(input, keys, 0, value);
    if (result !== undefined) return result;
    const why = `Unable to apply ReferencePath ${text} to input ${JSON.stringify(input)}`;
    throw new QueryError(why, field, STATES_ERRORS.resultPathMatchFailure);
  };
}

function isComplete(keys: (string | number | undefined)[]): keys is (string | number)[] {
  return !keys.includes(undefined);
}

/** Undefined where a step leads into something that cannot hold it. */
function put(
  node: Json | undefined,
  keys: readonly (string | number)[],
  position: number,
  value: Json,
): Json | undefined {
  const key = keys[position];
  if (key === undefined) return value;
  if (typeof key === 'number') {
    if (!Array.isArray(node) || key < 0 || key >= node.length) return undefined;
    const item = put(node[key], keys, position + 1, value);
    return item === undefined ? undefined : node.with(key, item);
  }
  if (node !== undefined && !isObject(node)) return undefined;
  const child = put(node && Object.hasOwn(node, key) ? node[key] : undefined, keys, position + 1, value);
  if (child === undefined) return undefined;
  const result: Record<string, Json> = {};
  for (const [name, field] of Object.entries(node ?? {})) setKey(result, name, field);
  setKey(result, key, child);
  return result;
}
