import jsonata from 'jsonata';
import { type Json, jsonType, setKey } from '../../json.ts';
import { QueryError, type Scope, type Template } from '../template.ts';
import { drawRandom, formatNow, registerFunctions, shuffle } from './functions.ts';
import { compileLinear } from './linear-reg-exp.ts';
import { installMeter, METER, Meter } from './meter.ts';
import { compilePlain, UNKNOWN } from './plain.ts';
import { copyResult } from './result.ts';

/** A field that may hold expressions. */
export interface JsonataTemplate extends Template {
  readonly location: string;
  /** The result shares nothing with the scope. */
  evaluate(scope: Scope): Promise<Json> | Json;
  /** Why a value is not what the field takes, in AWS's words. */
  unexpected(expected: string, value: Json): QueryError;
}

/**
 * jsonata's own guards: the length of a generated sequence, of which no more fit into a state, and the evaluations under
 * way, which are those of all keys of a group besides those that are inside of each other.
 */
const GUARDS = { stack: 20_000, sequence: 262_144 };

/**
 * Parses a field: strings enclosed in `{% %}` are expressions, in objects and arrays too.
 * Throws a SyntaxError that names the expression and its field.
 */
export function compileTemplate(value: Json, location: string): JsonataTemplate {
  if (typeof value === 'string' && value.startsWith('{%') && value.endsWith('%}')) {
    return compileExpression(value.slice(2, -2).trim(), location);
  }
  const unexpected = (expected: string, found: Json): QueryError =>
    new QueryError(`The field '${location}' has an unexpected type. ${expectation(expected, found)}`, location);
  if (typeof value !== 'object' || value === null || !holdsExpression(value)) {
    return { location, evaluate: () => structuredClone(value), unexpected };
  }
  if (Array.isArray(value)) {
    const items = value.map((item, index) => compileTemplate(item, `${location}[${index}]`));
    return { location, unexpected, evaluate: (scope) => inTurn(items, (item) => item.evaluate(scope)) };
  }
  const fields = Object.entries(value).map(
    ([key, field]) => [key, compileTemplate(field, `${location}/${key}`)] as const,
  );
  return {
    location,
    unexpected,
    async evaluate(scope) {
      const result: Record<string, Json> = {};
      for (const [key, field] of fields) {
        const value = field.evaluate(scope);
        setKey(result, key, value instanceof Promise ? await value : value);
      }
      return result;
    },
  };
}

function holdsExpression(value: Json): boolean {
  if (typeof value === 'string') return value.startsWith('{%') && value.endsWith('%}');
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsExpression);
}

async function inTurn<T, R>(items: readonly T[], evaluate: (item: T) => Promise<R> | R): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await evaluate(item));
  return results;
}

function compileExpression(text: string, location: string): JsonataTemplate {
  const expression = parse(text, location);
  const failed = (why: string): QueryError =>
    new QueryError(`The JSONata expression '${text}' specified for the field '${location}' ${why}`, location);
  const plain = compilePlain(expression.ast());
  const threw = (error: unknown): never => {
    throw failed(`threw an error during evaluation. ${describe(error)}`);
  };
  const finish = (result: unknown): Json => {
    if (result === undefined) throw failed('returned nothing (undefined).');
    const json = copyResult(result, threw);
    if (json === undefined) throw failed(`returned a value of type '${typeof result}', which is no JSON.`);
    return json;
  };
  return {
    location,
    evaluate(scope) {
      const result = plain ? plain(scope) : UNKNOWN;
      if (result !== UNKNOWN) return finish(result);
      return expression.evaluate(undefined, bindingsOf(scope)).then(finish, threw);
    },
    unexpected: (expected, value) => failed(`returned an unexpected result type. ${expectation(expected, value)}`),
  };
}

function bindingsOf({ states, variables, now, random, pause }: Scope): Record<string, unknown> {
  // V8 takes long for each field that is written after a spread.
  return Object.assign(
    { ...variables },
    {
      states,
      now: (picture?: string, timezone?: string) => formatNow(now, picture, timezone),
      millis: () => now,
      uuid: () => random.uuid(),
      random: (seed?: number) => drawRandom(random, seed),
      shuffle: (items: unknown) => shuffle(random, items),
      [METER]: new Meter(now, pause),
    },
  );
}

function expectation(expected: string, value: Json): string {
  return `Expected '${expected}', but was '${jsonType(value)}' for value: ${JSON.stringify(value)}`;
}

function parse(text: string, location: string): jsonata.Expression {
  try {
    const expression = jsonata(text, GUARDS);
    registerFunctions(expression);
    installMeter(expression);
    checkRegExps(expression.ast());
    return expression;
  } catch (error) {
    throw new SyntaxError(`The JSONata expression '${text}' of the field '${location}' is invalid. ${describe(error)}`);
  }
}

/** Throws an Error on a regular expression that the linear engine lacks. */
function checkRegExps(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  const { type, value } = node as { type?: unknown; value?: unknown };
  if (type === 'regex') compileLinear(value as RegExp);
  else for (const child of Object.values(node)) checkRegExps(child);
}

/** jsonata throws plain objects with a code; functions of ours throw errors. */
function describe(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return code === undefined ? String(message ?? error) : `${code}: ${message}`;
}
