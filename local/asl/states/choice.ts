import { STATES_ERRORS, StateFailure } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { compileTemplate } from '../query/jsonata.ts';
import { compileExit, type StateCompiler } from './state.ts';

/** Choice: the first rule whose condition is true decides; the state's own Assign and Output go with its Default. */
export const compileChoice: StateCompiler = (definition) => {
  const rules = (definition['Choices'] as JsonObject[]).map((rule, index) => ({
    condition: compileTemplate(rule['Condition'] ?? null, `Choices[${index}]/Condition`),
    exit: compileExit(rule),
  }));
  const otherwise = { ...compileExit(definition), next: definition['Default'] as string | undefined };
  // biome-ignore lint/correctness/useYield: a Choice state waits for nothing.
  return async function* (run) {
    for (const { condition, exit } of rules) {
      if (await run.evaluateAs('boolean', condition)) return run.leave(exit, run.input);
    }
    if (otherwise.next !== undefined) return run.leave(otherwise, run.input);
    throw new StateFailure(
      STATES_ERRORS.noChoiceMatched,
      run.describe('Failed to transition out of the state. The state does not point to a next state.'),
    );
  };
};
