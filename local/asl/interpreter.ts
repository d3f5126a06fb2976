import type { HistoryEvent } from '../history/events.ts';
import { HistoryFullError, MAX_EVENTS } from '../history/recorder.ts';
import { createBranch, resumeBranch } from './branch.ts';
import { BranchQueue, Interruption, type Waits } from './branch-queue.ts';
import { STATES_ERRORS, StateFailure } from './errors.ts';
import type { ExecutionScope } from './execution-scope.ts';
import type { Json, JsonObject } from './json.ts';
import type { Redrive } from './redrive.ts';
import type { Machine } from './states/state.ts';
import { present } from './states/task-resource.ts';

/** What an execution is started with. */
export interface ExecutionStart {
  readonly executionArn: string;
  readonly executionName: string;
  readonly stateMachineArn: string;
  readonly stateMachineName: string;
  readonly roleArn: string;
  readonly type: 'STANDARD' | 'EXPRESS';
  /** JSON text. */
  readonly input: string;
}

/** All that an execution needs of the world; the interpreter itself has no clock, no randomness and does no I/O. */
export interface Outside {
  readonly waits: Waits;
  readonly record: ExecutionScope['record'];
  /** Called between states, and in long evaluations: lets others run. Nothing depends on whether it does. */
  readonly pause?: ExecutionScope['pause'];
}

export type ExecutionStatus = 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export interface ExecutionEnd {
  readonly status: ExecutionStatus;
  /** JSON text, of a SUCCEEDED execution. */
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** Id of ExecutionStarted: the wait that an interruption of the whole execution answers, redriven or not. */
export const STARTED_EVENT_ID = 1;

/** Runs one execution to its end, or, redriven, from where it stood. */
export async function interpret(
  machine: Machine,
  start: ExecutionStart,
  outside: Outside,
  redrive?: Redrive,
): Promise<ExecutionEnd> {
  const { timestamp } = redrive ? recordRedrive(redrive, outside) : recordStart(start, outside);
  if (machine.timeoutSeconds !== undefined) {
    // "When you redrive an execution, the state machine level timeout is reset to 0."
    outside.waits.begin({ id: STARTED_EVENT_ID, until: timestamp + machine.timeoutSeconds * 1000 }, 0);
  }
  const scope = executionScope(start, timestamp, outside, redrive);
  const root = redrive
    ? resumeBranch(machine, scope, redrive.standing, { timestamp })
    : createBranch(machine, scope, {
        input: [JSON.parse(start.input) as Json, start.input],
        lastEvent: { id: 0, timestamp },
        variables: {},
      });
  const queue = new BranchQueue(root, outside.waits);
  // Whoever starts it goes on first: tasks that start executions, whose tasks do, would lead ever deeper.
  await undefined;
  try {
    const output = await queue.run(STARTED_EVENT_ID);
    outside.record('ExecutionSucceeded', root.lastEvent.id, { output, outputDetails: { truncated: false } });
    return { status: 'SUCCEEDED', output };
  } catch (error) {
    const [type, end] = endOf(error);
    // An interruption points at no event: so AWS records it, whatever was running.
    outside.record(type, error instanceof Interruption ? 0 : queue.current.lastEvent.id, present(end));
    return end;
  }
}

function recordStart({ input, roleArn }: ExecutionStart, { record }: Outside): HistoryEvent {
  return record('ExecutionStarted', 0, { input, inputDetails: { truncated: false }, roleArn });
}

function recordRedrive({ previousEventId, count }: Redrive, { record }: Outside): HistoryEvent {
  return record('ExecutionRedriven', previousEventId, { redriveCount: count });
}

/** `time` is when the execution was started or redriven. */
export function executionScope(
  start: ExecutionStart,
  time: number,
  { record, pause }: Outside,
  redrive?: Redrive,
): ExecutionScope {
  const { executionArn, stateMachineArn } = start;
  let context: JsonObject | undefined;
  return {
    executionArn,
    stateMachineArn,
    region: stateMachineArn.split(':')[3] ?? '', // arn:aws:states:REGION:...
    // Made when it is read: most states never do.
    get context() {
      context ??= contextObject(start, time, redrive);
      return context;
    },
    redriveCount: redrive?.count ?? 0,
    record,
    pause,
  };
}

function contextObject(start: ExecutionStart, time: number, redrive: Redrive | undefined): JsonObject {
  return {
    Execution: {
      Id: start.executionArn,
      Input: JSON.parse(start.input) as Json,
      Name: start.executionName,
      // As recorded on AWS: a state that is tested alone need not have a role.
      RoleArn: start.roleArn || null,
      StartTime: new Date(redrive?.startTime ?? time).toISOString(),
      // As recorded on AWS: what cannot be redriven has no count.
      ...(start.type === 'STANDARD' && { RedriveCount: redrive?.count ?? 0 }),
      ...(redrive && { RedriveTime: new Date(time).toISOString() }),
    },
    StateMachine: { Id: start.stateMachineArn, Name: start.stateMachineName },
  };
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
  if (error instanceof RangeError) {
    // The end of the stack: only values nested thousands of levels deep lead there.
    const cause = `The data of the execution is nested too deeply: ${error.message}`;
    return ['ExecutionFailed', { status: 'FAILED', error: STATES_ERRORS.runtime, cause }];
  }
  if (!(error instanceof Interruption)) {
    // A fault of this interpreter's own: the execution ends and tells where, instead of running for ever.
    const cause = `Internal error: ${error instanceof Error ? error.stack : error}`;
    return ['ExecutionFailed', { status: 'FAILED', error: STATES_ERRORS.runtime, cause }];
  }
  const { outcome } = error;
  if (outcome.kind === 'aborted') return ['ExecutionAborted', { status: 'ABORTED', ...present(outcome) }];
  return ['ExecutionTimedOut', { status: 'TIMED_OUT', error: STATES_ERRORS.timeout }];
}
