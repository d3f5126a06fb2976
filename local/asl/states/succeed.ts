import type { StateCompiler } from './state.ts';

/** Succeed: ends its branch with its input, or what its Output makes of it. */
export const compileSucceed: StateCompiler = (definition, query) => {
  const exit = query.compileExit(definition);
  return function* (run) {
    return yield* run.leave(exit, run.effectiveInput);
  };
};
