import { compileExit, type StateCompiler } from './state.ts';

/** Pass: its input, or what its Output makes of it. */
export const compilePass: StateCompiler = (definition) => {
  const exit = compileExit(definition);
  // biome-ignore lint/correctness/useYield: a Pass state waits for nothing.
  return async function* (run) {
    return run.leave(exit, run.input);
  };
};
