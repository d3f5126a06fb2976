import { STATES_ERRORS } from '../../error-names.ts';
import { isObject, type Json, type JsonObject } from '../../json.ts';
import { parseTimestamp } from '../../timestamp.ts';
import { QueryError } from '../template.ts';
import { selectFrom } from './document.ts';
import { compileExpression, type PathTemplate } from './expression.ts';
import { parsePath } from './path-parser.ts';
import { compilePayload } from './payload-template.ts';

/** Compiles a field that names data by a path: InputPath, OutputPath, `...Path`. Throws a SyntaxError. */
export function compileDataPath(text: Json, field: string): PathTemplate {
  if (typeof text !== 'string') throw new SyntaxError(`The value for the field '${field}' must be a JSONPath`);
  const path = parsePath(text);
  return {
    evaluate(scope) {
      const selection = selectFrom(path, scope);
      if ('value' in selection) return selection.value;
      throw runtimeError(field, `Invalid path '${text}' : ${selection.missing}`);
    },
  };
}

/** Compiles Seconds, TimeoutSeconds and HeartbeatSeconds, or their `...Path`. */
export function compileSeconds(state: JsonObject, field: string): PathTemplate<number> | undefined {
  const isWait = field === 'Seconds';
  return compileEither(state, field, (value, source) => {
    const seconds = Number.isInteger(value) ? (value as number) : undefined;
    if (seconds !== undefined && (isWait ? seconds >= 0 : seconds > 0)) return seconds;
    if (source === undefined) {
      const expected = isWait ? 'a non-negative integer' : 'a positive integer';
      throw new SyntaxError(`The value for the field '${field}' must be ${expected}`);
    }
    const why =
      seconds === undefined
        ? 'cannot be parsed as a long value'
        : `references a ${isWait ? 'negative' : 'non-positive'} value`;
    throw runtimeError(field, `The ${field}Path parameter ${why}: ${source}`);
  });
}

/** Compiles Timestamp or TimestampPath: milliseconds since the epoch. */
export function compileTimestamp(state: JsonObject): PathTemplate<number> | undefined {
  const format = 'a valid ISO-8601 extended offset date-time format string';
  return compileEither(state, 'Timestamp', (value, source) => {
    const millis = parseTimestamp(value);
    if (millis !== undefined) return millis;
    if (source === undefined) throw new SyntaxError(`The value for the field 'Timestamp' must be ${format}`);
    throw runtimeError('Timestamp', `The TimestampPath parameter does not reference ${format}: ${source}`);
  });
}

/** A field that is written out, and checked at once, or read by its `...Path`, which `source` shows with its value. */
function compileEither(
  state: JsonObject,
  field: string,
  check: (value: Json, source: string | undefined) => number,
): PathTemplate<number> | undefined {
  const [literal, path] = [state[field], state[`${field}Path`]];
  if (literal !== undefined) {
    const value = check(literal, undefined);
    return { evaluate: () => value };
  }
  if (path === undefined) return undefined;
  const template = compileDataPath(path, `${field}Path`);
  return {
    evaluate(scope) {
      const value = template.evaluate(scope);
      return check(value, `${path} == ${typeof value === 'string' ? value : JSON.stringify(value)}`);
    },
  };
}

/** Compiles Error and Cause, or ErrorPath and CausePath, which may also be intrinsic functions. */
export function compileText(state: JsonObject, field: string): PathTemplate<string> | undefined {
  const [literal, path] = [state[field], state[`${field}Path`]];
  if (literal !== undefined) {
    if (typeof literal !== 'string') throw new SyntaxError(`The value for the field '${field}' must be a string`);
    return { evaluate: () => literal };
  }
  if (path === undefined) return undefined;
  const template = compileExpression(path, `${field}Path`);
  return {
    evaluate(scope) {
      const value = template.evaluate(scope);
      if (typeof value === 'string') return value;
      throw runtimeError(
        field,
        `The ${field}Path parameter does not reference a string: ${path} == ${JSON.stringify(value)}`,
      );
    },
  };
}

/** Compiles Credentials: a payload template that gives a RoleArn. */
export function compileCredentials(state: JsonObject): PathTemplate<{ roleArn: string }> | undefined {
  const credentials = state['Credentials'];
  if (credentials === undefined) return undefined;
  const template = compilePayload(credentials);
  return {
    evaluate(scope) {
      const value = template.evaluate(scope);
      if (isObject(value) && typeof value['RoleArn'] === 'string') return { roleArn: value['RoleArn'] };
      throw runtimeError('Credentials', `The Credentials do not hold a RoleArn: ${JSON.stringify(value)}`);
    },
  };
}

function runtimeError(field: string, why: string): QueryError {
  return new QueryError(why, field, STATES_ERRORS.runtime);
}
