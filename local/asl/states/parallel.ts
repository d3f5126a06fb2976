import { createBranch, resumeBranch } from '../branch.ts';
import type { Process } from '../effects.ts';
import type { Json, Payload } from '../json.ts';
import type { StateRun } from '../state-run.ts';
import { type ChildEnds, runChildren } from './children.ts';
import { withErrorHandling } from './error-handling.ts';
import type { Machine, StateCompiler } from './state.ts';

const ALL_SUCCEED: ChildEnds = {
  succeeded: () => {},
  failed: (failure) => {
    throw failure;
  },
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
    function* (run) {
      const input = argumentsField ? yield* run.evaluate(argumentsField) : run.effectiveInput;
      const payload = run.toPayload(input);
      run.inspect({ argument: input });
      const { testing } = run.scope;
      const result = testing ? testing.endChildren() : yield* runBranches(run, branches, payload);
      return yield* run.leave(exit, result, { result });
    },
    'Parallel',
  );
};

function* runBranches(run: StateRun, branches: readonly Machine[], input: Payload): Process<Json[]> {
  const ended = new Map<number, Json>();
  const standings = run.takeChildren();
  const lastEvent = standings ? run.lastEvent : run.record('ParallelStateStarted', undefined);
  const { scope, branch } = run;
  const children = branches.flatMap((machine, index) => {
    const child = standings?.get(index);
    if (!child) return [createBranch(machine, scope, { index, input, lastEvent, variables: branch.variables })];
    if ('standing' in child) {
      return [resumeBranch(machine, scope, child.standing, { index, timestamp: lastEvent.timestamp })];
    }
    ended.set(index, child.output);
    return [];
  });
  yield* runChildren(run, children, ALL_SUCCEED);
  run.recordSucceeded('Parallel');
  for (const { index, output } of children) ended.set(index, output);
  return branches.map((_, index) => ended.get(index) ?? null);
}
