import type { StateCompiler } from './state.ts';

/** Pass: its Result if it has one, its Parameters, or its input. */
export const compilePass: StateCompiler = (definition, query) => {
  const { Result: result } = definition;
  const argument = query.compileArguments(definition);
  const exit = query.compileExit(definition);
  return async (run) => {
    if (result !== undefined) {
      run.inspect({ result });
      return run.leave(exit, result);
    }
    const value = argument ? await run.evaluate(argument) : run.effectiveInput;
    run.inspect({ argument: value });
    return run.leave(exit, value);
  };
};
