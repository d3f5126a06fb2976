import type { StateCompiler } from './state.ts';

/** Pass: its Result if it has one, its Parameters, or its input. */
export const compilePass: StateCompiler = (definition, query) => {
  const { Result: result } = definition;
  const argument = query.compileArguments(definition);
  const exit = query.compileExit(definition);
  return function* (run) {
    if (result !== undefined) {
      run.inspect({ result });
      return yield* run.leave(exit, result);
    }
    const value = argument ? yield* run.evaluate(argument) : run.effectiveInput;
    run.inspect({ argument: value });
    return yield* run.leave(exit, value);
  };
};
