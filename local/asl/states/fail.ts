import { StateFailure } from '../errors.ts';
import { compileField, type StateCompiler } from './state.ts';

/** Fail: ends its branch with the Error and Cause that it names, each of which may be missing. */
export const compileFail: StateCompiler = (definition) => {
  const error = compileField(definition, 'Error');
  const cause = compileField(definition, 'Cause');
  // biome-ignore lint/correctness/useYield: a Fail state waits for nothing.
  return async function* (run) {
    throw new StateFailure(
      error && (await run.evaluateAs('string', error)),
      cause && (await run.evaluateAs('string', cause)),
    );
  };
};
