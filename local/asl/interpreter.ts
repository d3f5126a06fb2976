import { type HistoryEvent, WHOLE } from '../history/events.ts';
import { HistoryFullError, MAX_EVENTS } from '../history/recorder.ts';
import { createBranch, resumeBranch } from './branch.ts';
import { BranchQueue, Interruption, type Waits } from './branch-queue.ts';
import { STATES_ERRORS } from './error-names.ts';
import { StateFailure } from './errors.ts';
import { ExecutionScope, type ExecutionStart, type World } from './execution-scope.ts';
import type { Json } from './json.ts';
import type { Redrive } from './redrive.ts';
import type { Machine } from './states/state.ts';
import { present } from './states/task-resource.ts';

/** All that an execution needs of the world; the interpreter itself has no clock, no randomness and does no I/O. */
export interface Outside extends World {
  readonly waits: Waits;
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
  const scope = new ExecutionScope(start, timestamp, outside, { redrive });
  const root = redrive
    ? resumeBranch(machine, scope, redrive.standing, { timestamp })
    : createBranch(machine, scope, {
        input: { value: JSON.parse(start.input) as Json, text: start.input },
        lastEvent: { id: 0, timestamp },
        variables: {},
      });
  const queue = new BranchQueue(root, outside.waits);
  // Whoever starts it goes on first: tasks that start executions, whose tasks do, would lead ever deeper.
  await undefined;
  try {
    const output = await queue.run(STARTED_EVENT_ID);
    outside.record('ExecutionSucceeded', root.lastEvent.id, { output, outputDetails: WHOLE });
    return { status: 'SUCCEEDED', output };
  } catch (error) {
    const [type, end] = endOf(error);
    // An interruption points at no event: so AWS records it, whatever was running.
    outside.record(type, error instanceof Interruption ? 0 : queue.current.lastEvent.id, present(end));
    return end;
  }
}

function recordStart({ input, roleArn }: ExecutionStart, { record }: Outside): HistoryEvent {
  return record('ExecutionStarted', 0, { input, inputDetails: WHOLE, roleArn });
}

function recordRedrive({ previousEventId, count }: Redrive, { record }: Outside): HistoryEvent {
  return record('ExecutionRedriven', previousEventId, { redriveCount: count });
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
