import { type ExecutionEnd, type ExecutionStatus, interpret } from '../asl/interpreter.ts';
import type { Json } from '../asl/json.ts';
import { compileMachine } from '../asl/machine.ts';
import { createSkippingClock } from '../engine/clock.ts';
import { LiveWaits } from '../engine/live-waits.ts';
import { pause } from '../engine/pause.ts';
import type { HistoryEvent } from '../history/events.ts';
import { createRecorder } from '../history/recorder.ts';
import type { TaskRunner } from '../tasks/task.ts';
import { scriptedTasks, type TaskScript } from './scripted-tasks.ts';

export interface RunOptions {
  /** Any JSON value; by default an empty object. */
  readonly input?: unknown;
  /** What the Task states do. */
  readonly tasks?: TaskScript;
  /** Runs the tasks instead of a script, for instance with the functions themselves. */
  readonly runTask?: TaskRunner;
  /** When the execution starts, in ms since the epoch. */
  readonly startTime?: number;
}

export interface StateMachineRun {
  readonly status: ExecutionStatus;
  readonly output: unknown;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  /** The whole history. */
  readonly events: readonly HistoryEvent[];
  /** The history in a line an event, to assert: see eventLines. */
  readonly lines: readonly string[];
}

/** 2026-11-24T12:00:00.000Z */
export const DEFAULT_START_TIME = Date.UTC(2026, 10, 24, 12);

/** What an execution of a test is called; its context object and its history show it. */
export const TEST_EXECUTION = {
  executionArn: 'arn:aws:states:us-east-1:123456789012:execution:machine:run-1',
  executionName: 'run-1',
  stateMachineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:machine',
  stateMachineName: 'machine',
  type: 'STANDARD' as const,
  roleArn: 'arn:aws:iam::123456789012:role/machine',
};

/**
 * Runs a state machine to its end in virtual time: waits, retry delays and timeouts take no real time and stand in the
 * history's timestamps. `definition` is an ASL document. Throws InvalidDefinitionError for one that cannot run.
 */
export async function runStateMachine(definition: unknown, options: RunOptions = {}): Promise<StateMachineRun> {
  const { startTime = DEFAULT_START_TIME } = options;
  const { end, events } = await interpretInVirtualTime(definition, options);
  const { status, output, error, cause } = end;
  return {
    status,
    output: output === undefined ? undefined : JSON.parse(output),
    error,
    cause,
    events,
    lines: eventLines(events, startTime),
  };
}

export async function interpretInVirtualTime(
  definition: unknown,
  { input = {}, tasks = {}, runTask = scriptedTasks(tasks), startTime = DEFAULT_START_TIME }: RunOptions,
): Promise<{ end: ExecutionEnd; events: readonly HistoryEvent[] }> {
  const clock = createSkippingClock(() => startTime);
  const events: HistoryEvent[] = [];
  const { record } = createRecorder(clock.now, (event) => events.push(event));
  const machine = compileMachine(structuredClone(definition) as Json);
  const start = { ...TEST_EXECUTION, input: JSON.stringify(input) };
  const end = await interpret(machine, start, { record, waits: new LiveWaits(clock, runTask), pause });
  return { end, events };
}

/** An event as a line: `4 8<-7 TaskFailed Oops` is the 8th, 4 seconds after the start, following from the 7th. */
export function eventLines(events: readonly HistoryEvent[], startTime = DEFAULT_START_TIME): string[] {
  return events.map(({ id, previousEventId, timestamp, type, details }) => {
    const { name, index, error } = (details ?? {}) as { name?: string; index?: number; error?: string };
    const facts = [name, index, error].filter((fact) => fact !== undefined).map((fact) => ` ${fact}`);
    return `${(timestamp - startTime) / 1000} ${id}<-${previousEventId} ${type}${facts.join('')}`;
  });
}
