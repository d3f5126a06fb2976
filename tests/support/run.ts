import { type ExecutionEnd, interpret } from '../../local/asl/interpreter.ts';
import type { Json } from '../../local/asl/json.ts';
import { compileMachine } from '../../local/asl/machine.ts';
import { createSkippingClock } from '../../local/engine/clock.ts';
import { createOutside } from '../../local/engine/outside.ts';
import type { HistoryEvent } from '../../local/history/events.ts';
import { createRecorder } from '../../local/history/recorder.ts';
import { rejectTask } from '../../local/tasks/lambda.ts';
import type { TaskRunner } from '../../local/tasks/task.ts';

/** When every execution of a test starts: 2026-11-24T12:00:00.000Z. */
export const START = Date.UTC(2026, 10, 24, 12);

export const NAMES = {
  executionArn: 'arn:aws:states:us-east-1:123456789012:execution:machine:run-1',
  executionName: 'run-1',
  stateMachineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:machine',
  stateMachineName: 'machine',
  type: 'STANDARD' as const,
  roleArn: 'arn:aws:iam::123456789012:role/machine',
};

export interface Run {
  readonly end: ExecutionEnd;
  readonly events: readonly HistoryEvent[];
}

/** Runs a definition in virtual time, which passes only by waiting. */
export async function runMachine(
  definition: unknown,
  input: unknown = {},
  runTask: TaskRunner = rejectTask,
): Promise<Run> {
  const clock = createSkippingClock(() => START);
  const events: HistoryEvent[] = [];
  const { record } = createRecorder(clock.now, (event) => events.push(event));
  const machine = compileMachine(structuredClone(definition) as Json);
  const start = { ...NAMES, input: JSON.stringify(input) };
  const end = await interpret(machine, start, { ...createOutside(clock, runTask), record });
  return { end, events };
}

/** An event as a line: seconds since the start, id, previous id, type and the details that are not empty. */
export function eventLines(events: readonly HistoryEvent[]): string[] {
  return events.map(({ id, previousEventId, timestamp, type, details }) => {
    const name = details && 'name' in details ? ` ${details.name}` : '';
    const index = details && 'index' in details ? ` ${details.index}` : '';
    const error = details && 'error' in details ? ` ${details.error}` : '';
    return `${(timestamp - START) / 1000} ${id}<-${previousEventId} ${type}${name}${index}${error}`;
  });
}
