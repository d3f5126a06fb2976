import { createBranch } from '../branch.ts';
import type { Json } from '../json.ts';
import { dataLimitExceeded, isTooLarge } from '../limits.ts';
import { type ChildEnds, runChildren } from './children.ts';
import { withErrorHandling } from './error-handling.ts';
import type { StateCompiler } from './state.ts';

const ALL_SUCCEED: ChildEnds = {
  succeeded: () => {},
  failed: (failure) => {
    throw failure;
  },
  following: async () => [],
};

/** Parallel: runs its Branches at the same time; its result is the array of their outputs. */
export const compileParallel: StateCompiler = (definition, query, compileInner) => {
  const branches = ((definition['Branches'] ?? []) as Json[]).map((branch, index) =>
    compileInner(branch, `Branches[${index}]`),
  );
  const argumentsField = query.compileArguments(definition);
  const exit = query.compileExit(definition);
  return withErrorHandling(
    definition,
    query,
    async function* (run) {
      const input = argumentsField ? await run.evaluate(argumentsField) : run.effectiveInput;
      const text = input === run.input ? run.inputText : JSON.stringify(input);
      if (isTooLarge(text)) throw dataLimitExceeded(run.name);
      const lastEvent = run.record('ParallelStateStarted', undefined);
      const { variables } = run.branch;
      const children = branches.map((machine, index) =>
        createBranch(machine, run.scope, { index, input: [input, text], lastEvent, variables }),
      );
      yield* runChildren(run, children, ALL_SUCCEED);
      run.recordSucceeded('Parallel');
      const result = children.map(({ output }) => output);
      return run.leave(exit, result, { result });
    },
    'Parallel',
  );
};
