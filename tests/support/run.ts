import type { ExecutionEnd } from '../../local/asl/interpreter.ts';
import type { HistoryEvent } from '../../local/history/events.ts';
import { rejectTask } from '../../local/tasks/lambda.ts';
import type { TaskRunner } from '../../local/tasks/task.ts';
import { DEFAULT_START_TIME, interpretInVirtualTime, TEST_EXECUTION } from '../../local/testing/run-state-machine.ts';

export { eventLines } from '../../local/testing/run-state-machine.ts';

/** When every execution of a test starts: 2026-11-24T12:00:00.000Z. */
export const START = DEFAULT_START_TIME;

export const NAMES = TEST_EXECUTION;

export interface Run {
  readonly end: ExecutionEnd;
  readonly events: readonly HistoryEvent[];
}

/** Runs a definition in virtual time, which passes only by waiting. */
export function runMachine(definition: unknown, input: unknown = {}, runTask: TaskRunner = rejectTask): Promise<Run> {
  return interpretInVirtualTime(definition, { input, runTask });
}
