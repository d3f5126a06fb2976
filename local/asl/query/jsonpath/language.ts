import { isObject, type Json, type JsonObject } from '../../json.ts';
import type { Exit } from '../../transition.ts';
import type { QueryLanguage } from '../language.ts';
import { compileRule } from './choice-rule.ts';
import type { PathTemplate } from './expression.ts';
import { compileCredentials, compileDataPath, compileSeconds, compileText, compileTimestamp } from './fields.ts';
import { compileCount, compileItemSelector, compileItems, compileMaxItems, compilePercentage } from './map-fields.ts';
import { compileFields, compilePayload } from './payload-template.ts';
import { compileReferencePath } from './reference-path.ts';

/**
 * JSONPath: InputPath, Parameters, ResultSelector, ResultPath and OutputPath lead data through a state, in that order
 * (developer guide, "Processing input and output").
 */
export const JSONPATH: QueryLanguage = {
  foreignFields: ['Arguments', 'Output', 'Items'],
  compileInput: (state) => compilePath(state, 'InputPath'),
  compileArguments: (state) => compileOptionalPayload(state, 'Parameters'),
  compileValue: compileOptionalPayload,
  compileExit(state) {
    const toResult = [compileOptionalPayload(state, 'ResultSelector'), compileResultPath(state)];
    const steps = [
      ['afterResultSelector', toResult[0]],
      ['afterResultPath', inTurn(toResult)],
    ] as const;
    return { ...leave(state, [...toResult, compilePath(state, 'OutputPath')]), steps };
  },
  // A caught error does not go through the state's OutputPath.
  compileCatcherExit: (catcher) => leave(catcher, [compileResultPath(catcher)]),
  compileRuleExit: (rule, state) => leave(rule, [compilePath(state, 'OutputPath')]),
  compileCondition: compileRule,
  compileSeconds,
  compileTimestamp,
  compileText,
  compileCredentials,
  compileItems,
  compileItemSelector,
  compileCount,
  compileMaxItems,
  compilePercentage,
  // As recorded on AWS: a failure reported without error or cause shows both as null.
  describeFailure: ({ error, cause }) => ({ Error: error ?? null, Cause: cause ?? null }),
};

/** Each step that is there takes what the one before it gave. */
function inTurn(steps: (PathTemplate | undefined)[]): PathTemplate | undefined {
  const present = steps.filter((step) => step !== undefined);
  if (present.length <= 1) return present[0];
  return { evaluate: (scope) => present.reduce((value, step) => step.evaluate(scope.withValue(value)), scope.value) };
}

function leave(definition: JsonObject, steps: (PathTemplate | undefined)[]): Exit {
  const assign = definition['Assign'] ?? {};
  if (!isObject(assign)) throw new SyntaxError("The value for the field 'Assign' must be an object");
  return {
    next: definition['Next'] as string | undefined,
    output: inTurn(steps),
    assign: compileFields(assign),
  };
}

/** InputPath and OutputPath: null stands for an empty object. */
function compilePath(state: JsonObject, field: string): PathTemplate | undefined {
  const path = state[field];
  if (path === undefined || path === '$') return undefined;
  return path === null ? { evaluate: (): Json => ({}) } : compileDataPath(path, field);
}

function compileOptionalPayload(state: JsonObject, field: string): PathTemplate | undefined {
  const payload = state[field];
  return payload === undefined ? undefined : compilePayload(payload);
}

/** ResultPath puts a result into the state's raw input; null leaves the input as it is. */
function compileResultPath(definition: JsonObject): PathTemplate | undefined {
  const path = definition['ResultPath'];
  if (path === undefined || path === '$') return undefined;
  if (path === null) return { evaluate: ({ input }) => input };
  const put = compileReferencePath(String(path), 'ResultPath');
  return { evaluate: ({ input, value }) => put(input, value) };
}
