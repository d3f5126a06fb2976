import { type HistoryEvent, STATE_ENTERED, type StateType, WHOLE } from '../history/events.ts';
import type { Branch, BranchState, Process } from './effects.ts';
import type { ExecutionScope } from './execution-scope.ts';
import type { Json, Payload } from './json.ts';
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
  readonly input: Payload;
}

/** The first state that a branch runs; one that is entered already goes on with the children that it has. */
interface FirstState {
  readonly name: string;
  readonly input: Payload;
  readonly standing?: Standing;
}

/** A branch that has not begun; its variables are its own, with the values they have outside. */
export function createBranch(machine: Machine, scope: ExecutionScope, start: BranchStart): Branch {
  return new StateBranch(machine, scope, start, { name: machine.startAt, input: start.input });
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
  const input = { value: JSON.parse(details.input) as Json, text: details.input };
  return new StateBranch(machine, scope, start, { name: details.name, input, standing });
}

class StateBranch implements Branch {
  readonly index: number;
  readonly mapName: string | undefined;
  lastEvent: BranchState['lastEvent'];
  variables: BranchState['variables'];
  openState: StateType | undefined = undefined;
  output: Json = null;
  readonly children: Set<Branch> = new Set();
  readonly process: Process<string>;

  constructor(machine: Machine, scope: ExecutionScope, start: Omit<BranchStart, 'input'>, first: FirstState) {
    this.index = start.index ?? 0;
    this.mapName = start.mapName;
    this.lastEvent = start.lastEvent;
    this.variables = start.variables;
    this.process = runStates(machine, scope, this, first);
  }
}

function* runStates(machine: Machine, scope: ExecutionScope, branch: BranchState, first: FirstState): Process<string> {
  let { name, input, standing } = first;
  for (;;) {
    const state = machine.states.get(name);
    if (!state) throw new Error(`The state ${name} is missing`); // refused when the machine was compiled
    const turn = scope.pause?.();
    if (turn) yield turn;
    const entered = standing?.entered ?? enter(scope, branch, state.type, name, input.text);
    branch.openState = state.type;
    const run = new StateRun(scope, branch, name, input, entered, standing);
    const { next, output, assigned } = yield* state.run(run);
    if (assigned) branch.variables = { ...branch.variables, ...assigned };
    if (state.type !== 'Fail') run.recordExit(state.type, output.text, assigned);
    branch.openState = undefined;
    branch.output = output.value;
    if (next === undefined) return output.text;
    name = next;
    input = output;
    standing = undefined;
  }
}

function enter(
  { record }: ExecutionScope,
  branch: BranchState,
  type: StateType,
  name: string,
  input: string,
): HistoryEvent {
  const event = record(STATE_ENTERED[type], branch.lastEvent.id, { name, input, inputDetails: WHOLE });
  branch.lastEvent = event;
  return event;
}
