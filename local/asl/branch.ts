import type { HistoryEvent } from '../history/events.ts';
import type { Branch, BranchState, Process } from './effects.ts';
import type { ExecutionScope } from './execution-scope.ts';
import type { Json } from './json.ts';
import type { Standing } from './redrive.ts';
import { StateRun } from './state-run.ts';
import type { Machine } from './states/state.ts';

/** Which of its siblings a branch is. */
interface BranchPlace {
  readonly index?: number;
  readonly mapName?: string;
}

/** What a branch begins with. */
export interface BranchStart extends BranchPlace, Pick<BranchState, 'lastEvent' | 'variables'> {
  readonly input: readonly [value: Json, text: string];
}

/** The first state that a branch runs; one that is entered already goes on with the children that it has. */
interface FirstState {
  readonly name: string;
  readonly input: BranchStart['input'];
  readonly standing?: Standing;
}

/** A branch that has not begun; its variables are its own, with the values they have outside. */
export function createBranch(machine: Machine, scope: ExecutionScope, start: BranchStart): Branch {
  return createProcess(machine, scope, start, { name: machine.startAt, input: start.input });
}

/** A branch that goes on, at a time in milliseconds since the epoch, with the state at which it stood. */
export function resumeBranch(
  machine: Machine,
  scope: ExecutionScope,
  standing: Standing,
  { timestamp, ...place }: BranchPlace & { readonly timestamp: number },
): Branch {
  const { id, details } = standing.entered;
  const start = { ...place, lastEvent: { id, timestamp }, variables: standing.variables };
  const input = [JSON.parse(details.input) as Json, details.input] as const;
  return createProcess(machine, scope, start, { name: details.name, input, standing });
}

function createProcess(
  machine: Machine,
  scope: ExecutionScope,
  { index = 0, mapName, lastEvent, variables }: Omit<BranchStart, 'input'>,
  first: FirstState,
): Branch {
  const state: BranchState = {
    index,
    mapName,
    lastEvent,
    variables,
    openState: undefined,
    output: null,
    children: new Set(),
  };
  return Object.assign(state, { process: runStates(machine, scope, state, first) });
}

function* runStates(machine: Machine, scope: ExecutionScope, branch: BranchState, first: FirstState): Process<string> {
  let [name, [value, text], standing] = [first.name, first.input, first.standing];
  for (;;) {
    const state = machine.states.get(name);
    if (!state) throw new Error(`The state ${name} is missing`); // refused when the machine was compiled
    const turn = scope.pause?.();
    if (turn) yield turn;
    const entered = standing?.entered ?? enter(scope, branch, `${state.type}StateEntered`, name, text);
    branch.openState = state.type;
    const run = new StateRun(scope, branch, name, [value, text], entered, standing?.children);
    const { next, output, outputText, assigned } = yield* state.run(run);
    branch.variables = { ...branch.variables, ...assigned };
    if (state.type !== 'Fail') run.recordExit(state.type, outputText, assigned);
    branch.openState = undefined;
    branch.output = output;
    if (next === undefined) return outputText;
    [name, value, text, standing] = [next, output, outputText, undefined];
  }
}

function enter(
  scope: ExecutionScope,
  branch: BranchState,
  type: Standing['entered']['type'],
  name: string,
  input: string,
): HistoryEvent {
  const event = scope.record(type, branch.lastEvent.id, { name, input, inputDetails: { truncated: false } });
  branch.lastEvent = event;
  return event;
}
