import type { HistoryEvent } from '../history/events.ts';
import type { Branch, BranchState, Process } from './effects.ts';
import type { ExecutionScope } from './execution-scope.ts';
import type { Json } from './json.ts';
import { StateRun } from './state-run.ts';
import type { Machine } from './states/state.ts';

/** What a branch begins with. */
export interface BranchStart extends Pick<BranchState, 'lastEvent' | 'variables'> {
  readonly input: readonly [value: Json, text: string];
  readonly index?: number;
  readonly mapName?: string;
}

/** A branch that has not begun; its variables are its own, with the values they have outside. */
export function createBranch(machine: Machine, scope: ExecutionScope, start: BranchStart): Branch {
  const { input, index = 0, mapName, lastEvent, variables } = start;
  const state: BranchState = {
    index,
    mapName,
    lastEvent,
    variables,
    openState: undefined,
    output: null,
    children: new Set(),
  };
  return Object.assign(state, { process: runStates(machine, scope, state, input) });
}

async function* runStates(
  machine: Machine,
  scope: ExecutionScope,
  branch: BranchState,
  input: BranchStart['input'],
): Process<string> {
  let [name, [value, text]] = [machine.startAt, input];
  for (;;) {
    const state = machine.states.get(name);
    if (!state) throw new Error(`The state ${name} is missing`); // refused when the machine was compiled
    const turn = scope.pause?.();
    if (turn) await turn;
    const entered = { name, input: text, inputDetails: { truncated: false } };
    const event: HistoryEvent = scope.record(`${state.type}StateEntered`, branch.lastEvent.id, entered);
    branch.lastEvent = event;
    branch.openState = state.type;
    const run = new StateRun(scope, branch, name, [value, text], event);
    const { next, output, outputText, assigned } = yield* state.run(run);
    branch.variables = { ...branch.variables, ...assigned };
    if (state.type !== 'Fail') run.recordExit(state.type, outputText, assigned);
    branch.openState = undefined;
    branch.output = output;
    if (next === undefined) return outputText;
    [name, value, text] = [next, output, outputText];
  }
}
