import { HistoryFullError, MAX_EVENTS } from '../history/recorder.ts';
import { createBranch } from './branch.ts';
import { BranchQueue, Interruption, type Waits } from './branch-queue.ts';
import { STATES_ERRORS, StateFailure } from './errors.ts';
import type { ExecutionScope } from './execution-scope.ts';
import type { Json, JsonObject } from './json.ts';
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
export interface Outside extends Waits {
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

/** Runs one execution to its end. */
export async function interpret(machine: Machine, start: ExecutionStart, outside: Outside): Promise<ExecutionEnd> {
  const { input, roleArn } = start;
  const started = outside.record('ExecutionStarted', 0, { input, inputDetails: { truncated: false }, roleArn });
  if (machine.timeoutSeconds !== undefined) {
    outside.begin({ id: started.id, until: started.timestamp + machine.timeoutSeconds * 1000 }, 0);
  }
  const root = createBranch(machine, executionScope(start, started.timestamp, outside), {
    input: [JSON.parse(input) as Json, input],
    lastEvent: { id: 0, timestamp: started.timestamp },
    variables: {},
  });
  const queue = new BranchQueue(root, outside);
  try {
    const output = await queue.run(started.id);
    outside.record('ExecutionSucceeded', root.lastEvent.id, { output, outputDetails: { truncated: false } });
    return { status: 'SUCCEEDED', output };
  } catch (error) {
    const [type, end] = endOf(error);
    // An interruption points at no event: so AWS records it, whatever was running.
    outside.record(type, error instanceof Interruption ? 0 : queue.current.lastEvent.id, present(end));
    return end;
  }
}

function executionScope(start: ExecutionStart, startTime: number, { record, pause }: Outside): ExecutionScope {
  const { executionArn, stateMachineArn } = start;
  let context: JsonObject | undefined;
  return {
    executionArn,
    stateMachineArn,
    region: stateMachineArn.split(':')[3] ?? '', // arn:aws:states:REGION:...
    // Made when it is read: most states never do.
    get context() {
      context ??= contextObject(start, startTime);
      return context;
    },
    record,
    pause,
  };
}

function contextObject(start: ExecutionStart, startTime: number): JsonObject {
  return {
    Execution: {
      Id: start.executionArn,
      Input: JSON.parse(start.input) as Json,
      Name: start.executionName,
      RoleArn: start.roleArn,
      StartTime: new Date(startTime).toISOString(),
      // As recorded on AWS: what cannot be redriven has no count.
      ...(start.type === 'STANDARD' && { RedriveCount: 0 }),
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
  if (!(error instanceof Interruption)) {
    // A fault of this interpreter's own: the execution ends and tells where, instead of running for ever.
    const cause = `Internal error: ${error instanceof Error ? error.stack : error}`;
    return ['ExecutionFailed', { status: 'FAILED', error: STATES_ERRORS.runtime, cause }];
  }
  const { outcome } = error;
  if (outcome.kind === 'aborted') return ['ExecutionAborted', { status: 'ABORTED', ...present(outcome) }];
  return ['ExecutionTimedOut', { status: 'TIMED_OUT', error: STATES_ERRORS.timeout }];
}
