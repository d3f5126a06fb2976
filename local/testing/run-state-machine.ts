import { type ExecutionEnd, type ExecutionStatus, interpret } from '../asl/interpreter.ts';
import type { Json } from '../asl/json.ts';
import { compileMachine } from '../asl/machine.ts';
import { InvalidDefinitionError, schemaProblem } from '../asl/problem.ts';
import { createSkippingClock } from '../engine/clock.ts';
import { LiveWaits } from '../engine/live-waits.ts';
import { pause } from '../engine/pause.ts';
import type { HistoryEvent } from '../history/events.ts';
import { createRecorder } from '../history/recorder.ts';
import type { TaskRunner } from '../tasks/task.ts';
import { scriptedTasks, type TaskScript, TaskScriptError } from './scripted-tasks.ts';

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
 * history's timestamps. `definition` is an ASL document, or its text. Throws InvalidDefinitionError for one that cannot
 * run, and TaskScriptError where `tasks` has a state or lacks an attempt that the machine has.
 */
export async function runStateMachine(definition: unknown, options: RunOptions = {}): Promise<StateMachineRun> {
  const { startTime = DEFAULT_START_TIME, tasks = {}, runTask = scriptedTasks(tasks) } = options;
  const document = typeof definition === 'string' ? parseDefinition(definition) : definition;
  let misfit = findUnknownState(tasks, document);
  if (misfit) throw misfit;
  const { end, events } = await interpretInVirtualTime(document, {
    ...options,
    runTask: async (request, work) => {
      try {
        return await runTask(request, work);
      } catch (error) {
        if (error instanceof TaskScriptError) misfit ??= error;
        throw error;
      }
    },
  });
  if (misfit) throw misfit;
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

function parseDefinition(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidDefinitionError([schemaProblem(`The definition is no JSON: ${(error as SyntaxError).message}`)]);
  }
}

/** A state that has a script, and is not there to follow it. */
function findUnknownState(tasks: TaskScript, document: unknown): TaskScriptError | undefined {
  const known = new Set(taskNames(document));
  const unknown = Object.keys(tasks).find((name) => !known.has(name));
  if (unknown === undefined) return undefined;
  return new TaskScriptError(
    `tasks: found '${unknown}', allowed are the Task states: ${[...known].join(', ') || 'none'}`,
  );
}

/** The Task states of a document, those of Parallel and Map states included. */
function taskNames(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { States: states = {} } = value as { States?: Record<string, { Type?: unknown } | null> };
  const own = Object.entries(states).filter(([, state]) => state?.Type === 'Task');
  return [...own.map(([name]) => name), ...Object.values(value).flatMap(taskNames)];
}

/** An event as a line: `4 8<-7 TaskFailed Oops` is the 8th, 4 seconds after the start, following from the 7th. */
export function eventLines(events: readonly HistoryEvent[], startTime = DEFAULT_START_TIME): string[] {
  return events.map(({ id, previousEventId, timestamp, type, details }) => {
    const { name, index, error } = (details ?? {}) as { name?: string; index?: number; error?: string };
    const facts = [name, index, error].filter((fact) => fact !== undefined).map((fact) => ` ${fact}`);
    return `${(timestamp - startTime) / 1000} ${id}<-${previousEventId} ${type}${facts.join('')}`;
  });
}
