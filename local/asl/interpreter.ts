import type { HistoryEvent } from '../history/events.ts';
import { HistoryFullError, MAX_EVENTS } from '../history/recorder.ts';
import type { Effect, Outcome, Process } from './effects.ts';
import { STATES_ERRORS, StateFailure } from './errors.ts';
import type { ExecutionScope } from './execution-scope.ts';
import type { Json } from './json.ts';
import type { Machine } from './machine.ts';
import { type BranchState, StateRun } from './state-run.ts';
import { present } from './states/task-resource.ts';

/** What an execution is started with. */
export interface ExecutionStart {
  readonly executionArn: string;
  readonly executionName: string;
  readonly stateMachineArn: string;
  readonly stateMachineName: string;
  readonly roleArn: string;
  /** JSON text. */
  readonly input: string;
}

/** All that an execution needs of the world; the interpreter itself has no clock, no randomness and does no I/O. */
export interface Outside {
  readonly record: ExecutionScope['record'];
  /** Begins a wait; its outcome comes from `next`. */
  begin(effect: Effect): void;
  /** Resolves with the next outcome of any wait begun. */
  next(): Promise<Outcome>;
}

export type ExecutionStatus = 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export interface ExecutionEnd {
  readonly status: ExecutionStatus;
  /** JSON text, of a SUCCEEDED execution. */
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

interface Branch extends BranchState {
  readonly process: Process<string>;
}

/**
 * Runs one execution to its end. Its one loop takes the next branch that is ready, advances it until it must wait for
 * the outside, and takes the next; then it takes the next outcome. So the order of events depends on nothing but the
 * order of the outcomes.
 */
export async function interpret(machine: Machine, start: ExecutionStart, outside: Outside): Promise<ExecutionEnd> {
  const { input, roleArn } = start;
  const started = outside.record('ExecutionStarted', 0, { input, inputDetails: { truncated: false }, roleArn });
  if (machine.timeoutSeconds !== undefined) {
    outside.begin({ id: started.id, until: started.timestamp + machine.timeoutSeconds * 1000 });
  }
  const root = startBranch(machine, executionScope(start, started.timestamp, outside), started.timestamp, input);
  try {
    const output = await runBranches(root, started.id, outside);
    outside.record('ExecutionSucceeded', root.lastEvent.id, { output, outputDetails: { truncated: false } });
    return { status: 'SUCCEEDED', output };
  } catch (error) {
    const [type, end] = endOf(error);
    // An abort comes from outside: it points to no event, as recorded on AWS.
    outside.record(type, end.status === 'ABORTED' ? 0 : root.lastEvent.id, present(end));
    return end;
  }
}

/** Thrown when the execution as a whole is over before its branches are. */
class Interruption extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super(outcome.kind);
    this.outcome = outcome;
  }
}

async function runBranches(root: Branch, startedId: number, outside: Outside): Promise<string> {
  const waiting = new Map<number, Branch>();
  const ready: { branch: Branch; outcome?: Outcome }[] = [{ branch: root }];
  for (;;) {
    for (let item = ready.shift(); item; item = ready.shift()) {
      const { branch, outcome } = item;
      const step = await (outcome ? branch.process.next(outcome) : branch.process.next());
      if (step.done) return step.value;
      waiting.set(step.value.id, branch);
      outside.begin(step.value);
    }
    const outcome = await outside.next();
    if (outcome.id === startedId) throw new Interruption(outcome);
    const branch = waiting.get(outcome.id);
    if (!branch) throw new Error(`No branch waits for the event ${outcome.id}`);
    waiting.delete(outcome.id);
    ready.push({ branch, outcome });
  }
}

function executionScope(start: ExecutionStart, startTime: number, { record }: Outside): ExecutionScope {
  const { executionArn, stateMachineArn } = start;
  const context = {
    Execution: {
      Id: executionArn,
      Input: JSON.parse(start.input) as Json,
      Name: start.executionName,
      RoleArn: start.roleArn,
      StartTime: new Date(startTime).toISOString(),
      RedriveCount: 0,
    },
    StateMachine: { Id: stateMachineArn, Name: start.stateMachineName },
  };
  // arn:aws:states:REGION:...
  return { executionArn, region: stateMachineArn.split(':')[3] ?? '', context, record };
}

/** A branch and the process that runs its states; the first state's entry points back to event 0. */
function startBranch(machine: Machine, scope: ExecutionScope, timestamp: number, input: string): Branch {
  const state: BranchState = { lastEvent: { id: 0, timestamp }, variables: {} };
  return Object.assign(state, { process: runStates(machine, scope, state, input) });
}

async function* runStates(
  machine: Machine,
  scope: ExecutionScope,
  branch: BranchState,
  input: string,
): Process<string> {
  let [name, value, text] = [machine.startAt, JSON.parse(input) as Json, input];
  for (;;) {
    const state = machine.states.get(name);
    if (!state) throw new Error(`The state ${name} is missing`); // refused when the machine was compiled
    const entered = { name, input: text, inputDetails: { truncated: false } };
    const event: HistoryEvent = scope.record(`${state.type}StateEntered`, branch.lastEvent.id, entered);
    branch.lastEvent = event;
    const run = new StateRun(scope, branch, name, [value, text], event);
    const { next, output, outputText, assigned } = yield* state.run(run);
    branch.variables = { ...branch.variables, ...assigned };
    if (state.type !== 'Fail') run.recordExit(state.type, outputText, assigned);
    if (next === undefined) return outputText;
    [name, value, text] = [next, output, outputText];
  }
}

function endOf(
  error: unknown,
): ['ExecutionFailed' | 'ExecutionTimedOut' | 'ExecutionAborted', ExecutionEnd & { status: ExecutionStatus }] {
  if (error instanceof StateFailure) return ['ExecutionFailed', { status: 'FAILED', ...present(error) }];
  if (error instanceof HistoryFullError) {
    // The text and the shape that AWS ends such an execution with: this failure is the last event that fits.
    const cause = `The execution reached the maximum number of history events (${MAX_EVENTS}).`;
    return ['ExecutionFailed', { status: 'FAILED', error: STATES_ERRORS.runtime, cause }];
  }
  if (!(error instanceof Interruption)) {
    // A fault of this interpreter's own: the execution ends and tells where, instead of running for ever.
    const cause = `Internal error: ${error instanceof Error ? error.stack : error}`;
    return ['ExecutionFailed', { status: 'FAILED', error: STATES_ERRORS.runtime, cause }];
  }
  const { outcome } = error;
  if (outcome.kind === 'aborted') return ['ExecutionAborted', { status: 'ABORTED', ...present(outcome) }];
  return ['ExecutionTimedOut', { status: 'TIMED_OUT' }];
}
