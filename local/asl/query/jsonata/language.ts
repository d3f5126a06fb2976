import { isObject, type Json, type JsonObject, jsonType } from '../../json.ts';
import { parseTimestamp } from '../../timestamp.ts';
import type { Exit } from '../../transition.ts';
import type { QueryLanguage } from '../language.ts';
import { QueryError, type Scope, type Template } from '../template.ts';
import { compileTemplate, type JsonataTemplate } from './template.ts';

/** JSONata: any value may be an expression, enclosed in `{% %}` (developer guide, "Transforming data with JSONata"). */
export const JSONATA: QueryLanguage = {
  foreignFields: [
    'InputPath',
    'Parameters',
    'Result',
    'ResultSelector',
    'ResultPath',
    'OutputPath',
    'SecondsPath',
    'TimestampPath',
    'TimeoutSecondsPath',
    'HeartbeatSecondsPath',
    'ErrorPath',
    'CausePath',
    'ItemsPath',
    'MaxConcurrencyPath',
    'ToleratedFailureCountPath',
    'ToleratedFailurePercentagePath',
    'MaxItemsPath',
    'MaxItemsPerBatchPath',
    'MaxInputBytesPerBatchPath',
  ],
  compileInput: () => undefined,
  compileArguments: (state, location) => compileField(state, 'Arguments', location),
  compileValue: compileField,
  compileExit: (state) => compileExit(state, ''),
  compileCatcherExit: (catcher, location) => compileExit(catcher, `${location}/`),
  compileRuleExit: (rule, _, location) => compileExit(rule, `${location}/`),
  compileCondition(rule, location) {
    const condition = compileTemplate(rule['Condition'] ?? null, `${location}/Condition`);
    return { evaluate: (scope) => evaluateAs('boolean', condition, scope) };
  },
  compileSeconds(state, field) {
    const [least, expected] = field === 'Seconds' ? [0, 'a non-negative integer'] : [1, 'a positive integer'];
    return mapField(state, field, async (template, scope) => {
      const seconds = await evaluateAs('number', template, scope);
      if (Number.isInteger(seconds) && seconds >= least) return seconds;
      throw new QueryError(`The field '${field}' must be ${expected}, but was: ${seconds}`, field);
    });
  },
  compileTimestamp: (state) =>
    mapField(state, 'Timestamp', async (template, scope) => {
      const text = await evaluateAs('string', template, scope);
      const millis = parseTimestamp(text);
      if (millis !== undefined) return millis;
      const why = `must be a valid ISO-8601 extended offset date-time format string, but was: ${text}`;
      throw new QueryError(`The field 'Timestamp' ${why}`, 'Timestamp');
    }),
  compileText: (state, field) => mapField(state, field, (template, scope) => evaluateAs('string', template, scope)),
  compileCredentials: (state) =>
    mapField(state, 'Credentials', async (template, scope) => {
      const value = await template.evaluate(scope);
      if (isObject(value) && typeof value['RoleArn'] === 'string') return { roleArn: value['RoleArn'] };
      const why = `The field 'Credentials' must hold a RoleArn, but was: ${JSON.stringify(value)}`;
      throw new QueryError(why, 'Credentials');
    }),
  compileItems: (state) =>
    mapField(state, 'Items', (template, scope) => evaluateAs('array', template, scope)) ?? INPUT_ITEMS,
  compileItemSelector: (state) => compileField(state, 'ItemSelector'),
  compileCount: (state, field, location) => compileWhole(state, field, location, 'a non-negative integer', 0),
  compileMaxItems: (config, location) => compileWhole(config, 'MaxItems', location, 'an integer'),
  compilePercentage: (state, field) =>
    mapField(state, field, async (template, scope) => {
      const percentage = await evaluateAs('number', template, scope);
      if (percentage >= 0 && percentage <= 100) return percentage;
      throw new QueryError(`The field '${field}' must be a number from 0 to 100, but was: ${percentage}`, field);
    }),
  describeFailure: (failure) => failure.toErrorOutput(),
};

/** The items of a Map that names none. */
const INPUT_ITEMS: Template<Json[]> = {
  evaluate({ input }) {
    if (Array.isArray(input)) return input;
    throw new QueryError(`Map state input must be an array but was: ${JSON.stringify(input)}`, undefined);
  },
};

function compileExit(definition: JsonObject, prefix: string): Exit {
  const assign = (definition['Assign'] ?? {}) as JsonObject;
  return {
    next: definition['Next'] as string | undefined,
    output: compileField(definition, 'Output', prefix),
    assign: Object.entries(assign).map(([name, value]) => [name, compileTemplate(value, `${prefix}Assign/${name}`)]),
  };
}

/** Compiles a field that need not be there. */
function compileField(definition: JsonObject, field: string, prefix = ''): JsonataTemplate | undefined {
  const value = definition[field];
  return value === undefined ? undefined : compileTemplate(value, `${prefix}${field}`);
}

function compileWhole(
  definition: JsonObject,
  field: string,
  location: string | undefined,
  expected: string,
  least = Number.NEGATIVE_INFINITY,
): Template<number> | undefined {
  return mapField(
    definition,
    field,
    async (template, scope) => {
      const count = await evaluateAs('number', template, scope);
      if (Number.isInteger(count) && count >= least) return count;
      const why = `The field '${template.location}' must be ${expected}, but was: ${count}`;
      throw new QueryError(why, template.location);
    },
    location,
  );
}

function mapField<T extends Json>(
  definition: JsonObject,
  field: string,
  evaluate: (template: JsonataTemplate, scope: Scope) => Promise<T>,
  location?: string,
): Template<T> | undefined {
  const template = compileField(definition, field, location);
  return template && { evaluate: (scope) => evaluate(template, scope) };
}

interface JsonTypes {
  string: string;
  number: number;
  boolean: boolean;
  array: Json[];
}

/** Evaluates a field whose value must be of one JSON type. */
async function evaluateAs<T extends keyof JsonTypes>(
  type: T,
  template: JsonataTemplate,
  scope: Scope,
): Promise<JsonTypes[T]> {
  const value = await template.evaluate(scope);
  if (jsonType(value) !== type) throw template.unexpected(type, value);
  return value as never;
}
