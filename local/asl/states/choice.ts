import { STATES_ERRORS } from '../error-names.ts';
import { StateFailure } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { StateCompiler } from './state.ts';

/** Choice: the first rule whose condition is true decides; the state's own Assign and Output go with its Default. */
export const compileChoice: StateCompiler = (definition, query) => {
  const rules = (definition['Choices'] as JsonObject[]).map((rule, index) => ({
    condition: query.compileCondition(rule, `Choices[${index}]`),
    exit: query.compileRuleExit(rule, definition, `Choices[${index}]`),
  }));
  const otherwise = { ...query.compileExit(definition), next: definition['Default'] as string | undefined };
  return function* (run) {
    for (const { condition, exit } of rules) {
      if (yield* run.evaluate(condition)) return yield* run.leave(exit, run.effectiveInput);
    }
    if (otherwise.next !== undefined) return yield* run.leave(otherwise, run.effectiveInput);
    // AWS reports this, not the States.NoChoiceMatched of the language's specification.
    throw new StateFailure(
      STATES_ERRORS.runtime,
      run.describe('Failed to transition out of the state. The state does not point to a next state.'),
    );
  };
};
