import { isObject, type Json, type JsonObject } from './json.ts';

type Test = (value: Json) => boolean;

const isText: Test = (value) => typeof value === 'string';
const isNumber: Test = (value) => typeof value === 'number';
const isWhole: Test = (value) => Number.isInteger(value) && Number(value) >= 0;
const listOf =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(test);
const handles: Test = (value) => isObject(value) && listOf(isText)(value['ErrorEquals'] ?? null);

/** A field that may be missing, in what kind of thing, and what it must be (States Language specification). */
const STATE: Readonly<Record<string, readonly [expected: string, test: Test]>> = {
  Next: ['a string', isText],
  Default: ['a string', isText],
  End: ['a boolean', (value) => typeof value === 'boolean'],
  Assign: ['an object', isObject],
  Catch: [
    'a list of objects with ErrorEquals',
    listOf((value) => handles(value) && isObject(value) && hasShape(value)),
  ],
  Retry: ['a list of objects with ErrorEquals', listOf((value) => handles(value) && hasNumbers(value))],
  Choices: ['a list of objects', listOf((value) => isObject(value) && hasShape(value))],
  Branches: ['a list of objects', listOf(isObject)],
  ItemProcessor: ['an object', isObject],
  Iterator: ['an object', isObject],
  ProcessorConfig: ['an object', isObject],
};

const RETRIER: Readonly<Record<string, Test>> = {
  IntervalSeconds: (value) => isWhole(value) && value !== 0,
  MaxAttempts: isWhole,
  BackoffRate: (value) => isNumber(value) && Number(value) >= 1,
  MaxDelaySeconds: isWhole,
};

const REQUIRED: ReadonlyMap<unknown, string> = new Map([
  ['Choice', 'Choices'],
  ['Parallel', 'Branches'],
]);

/** Of any state. */
const FIELDS = new Set([
  ...['Type', 'Comment', 'QueryLanguage', 'Next', 'End', 'InputPath', 'OutputPath', 'Parameters', 'ResultSelector'],
  ...['ResultPath', 'Result', 'Arguments', 'Output', 'Assign', 'Retry', 'Catch', 'Resource', 'Credentials'],
  ...['TimeoutSeconds', 'TimeoutSecondsPath', 'HeartbeatSeconds', 'HeartbeatSecondsPath', 'Choices', 'Default'],
  ...['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath', 'Error', 'ErrorPath', 'Cause', 'CausePath', 'Branches'],
  ...['ItemProcessor', 'Iterator', 'ItemReader', 'ItemSelector', 'ItemBatcher', 'ItemsPath', 'Items', 'ResultWriter'],
  ...['MaxConcurrency', 'MaxConcurrencyPath', 'Label', 'ToleratedFailureCount', 'ToleratedFailureCountPath'],
  ...['ToleratedFailurePercentage', 'ToleratedFailurePercentagePath'],
]);

const SIMPLE_TYPES = ['Pass', 'Wait', 'Choice', 'Succeed', 'Fail'];

/** Types whose states may not have a field, as far as AWS was asked (floci-io/floci#2735). */
const UNSUPPORTED: Readonly<Record<string, readonly string[]>> = {
  TimeoutSeconds: [...SIMPLE_TYPES, 'Map', 'Parallel'],
  Retry: SIMPLE_TYPES,
  Catch: SIMPLE_TYPES,
};

/** The first field that is of no state, or of no state of this type. */
function findUnsupported(state: JsonObject): string | undefined {
  const isUnsupported = (field: string) => UNSUPPORTED[field]?.includes(String(state['Type'])) ?? false;
  return Object.keys(state).find((field) => !FIELDS.has(field) || isUnsupported(field));
}

/** Throws a SyntaxError about the first field of a state that is missing, not known, or not of the type that it must have. */
export function checkShape(state: JsonObject): void {
  const unsupported = findUnsupported(state);
  if (unsupported !== undefined) throw new SyntaxError(`Field '${unsupported}' is not supported`);
  const required = REQUIRED.get(state['Type']);
  if (required !== undefined && state[required] === undefined)
    throw new SyntaxError(`The field '${required}' is missing`);
  for (const [field, [expected, test]] of Object.entries(STATE)) {
    const value = Object.hasOwn(state, field) ? state[field] : undefined;
    if (value !== undefined && !test(value)) throw new SyntaxError(`The field '${field}' must be ${expected}`);
  }
}

/** Whether a catcher or a choice rule has what a state could have, too. */
function hasShape(part: JsonObject): boolean {
  return ['Next', 'Assign'].every((field) => part[field] === undefined || STATE[field]?.[1](part[field]));
}

function hasNumbers(retrier: Json): boolean {
  return Object.entries(RETRIER).every(
    ([field, test]) => !isObject(retrier) || retrier[field] === undefined || test(retrier[field]),
  );
}
