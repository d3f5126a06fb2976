import { StateFailure } from '../errors.ts';
import type { StateCompiler } from './state.ts';

/** Fail: ends its branch with the Error and Cause that it names, each of which may be missing. */
export const compileFail: StateCompiler = (definition, query) => {
  const error = query.compileText(definition, 'Error');
  const cause = query.compileText(definition, 'Cause');
  return function* (run) {
    throw new StateFailure(error && (yield* run.evaluate(error)), cause && (yield* run.evaluate(cause)));
  };
};
