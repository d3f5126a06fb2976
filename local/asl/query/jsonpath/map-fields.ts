import { STATES_ERRORS } from '../../error-names.ts';
import type { Json, JsonObject } from '../../json.ts';
import { QueryError } from '../template.ts';
import type { PathTemplate } from './expression.ts';
import { compileDataPath } from './fields.ts';
import { compilePayload } from './payload-template.ts';

/** ItemsPath, or the input as the state sees it: the items of a Map. */
export function compileItems(state: JsonObject): PathTemplate<Json[]> {
  const path = state['ItemsPath'] ?? '$';
  const items = compileDataPath(path, 'ItemsPath');
  return {
    evaluate(scope) {
      const value = items.evaluate(scope);
      if (Array.isArray(value)) return value;
      throw runtimeError('ItemsPath', `Reference path "${path}" must point to array.`);
    },
  };
}

/** ItemSelector, or Parameters as it was called before: what an iteration gets. */
export function compileItemSelector(state: JsonObject): PathTemplate | undefined {
  const payload = state['ItemSelector'] ?? state['Parameters'];
  return payload === undefined ? undefined : compilePayload(payload);
}

/** MaxConcurrency and ToleratedFailureCount, or their `...Path`. */
export function compileCount(state: JsonObject, field: string): PathTemplate<number> | undefined {
  return compileLimit(state, field, 'integer', (count) => (count < 0 ? `${field} cannot be negative.` : undefined));
}

/** MaxItems or MaxItemsPath; as recorded on AWS, the map run fails on a negative one, not its state. */
export function compileMaxItems(config: JsonObject): PathTemplate<number> | undefined {
  return compileLimit(config, 'MaxItems', 'integer', () => undefined);
}

/** ToleratedFailurePercentage or its `...Path`. */
export function compilePercentage(state: JsonObject, field: string): PathTemplate<number> | undefined {
  return compileLimit(state, field, 'float', (percentage) =>
    percentage < 0 || percentage > 100 ? `${field} must be between 0 and 100.` : undefined,
  );
}

const NUMBER = /^-?\d+(\.\d+)?$/;

/** The messages are those that AWS recorded for the values of paths. */
function compileLimit(
  state: JsonObject,
  field: string,
  kind: 'integer' | 'float',
  fault: (value: number) => string | undefined,
): PathTemplate<number> | undefined {
  const [literal, path] = [state[field], state[`${field}Path`]];
  const check = (value: Json): number | undefined =>
    typeof value === 'number' && (kind === 'float' || Number.isInteger(value)) ? value : undefined;
  // As recorded on AWS: a path may also lead to the text of a number.
  const read = (value: Json): number | undefined =>
    check(typeof value === 'string' && NUMBER.test(value) ? Number(value) : value);
  if (literal !== undefined) {
    const value = check(literal);
    if (value === undefined) throw new SyntaxError(`The value for the field '${field}' must be a valid ${kind}`);
    const wrong = fault(value);
    if (wrong !== undefined) throw new SyntaxError(wrong);
    return { evaluate: () => value };
  }
  if (path === undefined) return undefined;
  const template = compileDataPath(path, `${field}Path`);
  return {
    evaluate(scope) {
      const found = template.evaluate(scope);
      const value = read(found);
      const text = typeof found === 'string' ? found : JSON.stringify(found);
      if (value === undefined) {
        const why = `The ${field}Path field refers to value "${text}" which is not a valid ${kind}: ${path}`;
        throw runtimeError(`${field}Path`, why);
      }
      const wrong = fault(value);
      if (wrong !== undefined) throw runtimeError(`${field}Path`, wrong);
      return value;
    },
  };
}

function runtimeError(field: string, why: string): QueryError {
  return new QueryError(why, field, STATES_ERRORS.runtime);
}
