import {
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { HistoryLines, type StateEntry } from './log/history-lines.ts';
import type { LogLine } from './log/log-line.ts';
import type { Target } from './targets/target.ts';

/** What an execution is told to while it runs. */
export interface Watcher {
  line(line: LogLine): void;
  /** Called between two looks at the history. */
  waiting(entry: StateEntry | undefined): void;
}

export interface ExecutionOptions {
  /** As JSON. */
  readonly input: string;
  readonly logContent: boolean;
  readonly watcher: Watcher;
  /** Aborted, it stops the execution. */
  readonly signal: AbortSignal;
  /** Resolves after `ms` milliseconds, or sooner when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** How an execution ended. */
export type Outcome = ExecutionSuccess | ExecutionFailure;

export interface ExecutionSuccess {
  readonly status: 'succeeded';
  /** As JSON. */
  readonly output: string;
}

export interface ExecutionFailure {
  readonly status: 'failed';
  readonly executionArn: string;
  readonly error: string;
  readonly cause: string | undefined;
  /** Where the error arose. */
  readonly state: string | undefined;
}

/** AWS documents its reads as eventually consistent; an execution just started may not be there yet. */
const MOST_LOOKS_FOR_EXECUTION = 10;

/** Runs one execution to its end and logs it from its history meanwhile. Throws what the SDK throws. */
export async function runExecution(target: Target, options: ExecutionOptions): Promise<Outcome> {
  const { client, stateMachineArn } = target;
  const { executionArn = '' } = await client.send(new StartExecutionCommand({ stateMachineArn, input: options.input }));
  const definition = await readDefinition(target, executionArn, options);
  const lines = new HistoryLines(definition, options.logContent);
  for await (const event of followHistory(target, executionArn, lines, options)) {
    for (const line of lines.read(event)) options.watcher.line(line);
    const outcome = outcomeOf(event, executionArn, lines);
    if (outcome) return outcome;
  }
  throw new Error(`The history of ${executionArn} ended without an end of the execution`);
}

async function readDefinition({ client, poll }: Target, executionArn: string, { sleep, signal }: ExecutionOptions) {
  for (let look = 1; ; look += 1) {
    try {
      const command = new DescribeStateMachineForExecutionCommand({ executionArn });
      return (await client.send(command)).definition ?? '{"States":{}}';
    } catch (error) {
      const isMissing = error instanceof Error && error.name === 'ExecutionDoesNotExist';
      if (!isMissing || look === MOST_LOOKS_FOR_EXECUTION) throw error;
      await sleep(poll.mostMs, signal);
    }
  }
}

/** Yields each event once, as it appears. Stops the execution when the signal is aborted, and follows it to its end. */
async function* followHistory(
  { client, poll }: Target,
  executionArn: string,
  lines: HistoryLines,
  { watcher, signal, sleep }: ExecutionOptions,
): AsyncGenerator<HistoryEvent> {
  // Each look starts at the page where the one before ended.
  let nextToken: string | undefined;
  let lastId = 0;
  let delayMs = poll.firstMs;
  let isStopping = false;
  for (;;) {
    if (signal.aborted && !isStopping) {
      isStopping = true;
      await client.send(new StopExecutionCommand({ executionArn, error: 'Interrupted', cause: 'Stopped by Ctrl-C' }));
    }
    const page = await client.send(new GetExecutionHistoryCommand({ executionArn, nextToken }));
    for (const event of page.events ?? []) {
      if ((event.id ?? 0) <= lastId) continue;
      lastId = event.id ?? 0;
      yield event;
    }
    if (page.nextToken) {
      nextToken = page.nextToken;
      continue;
    }
    watcher.waiting(lines.entry);
    await (isStopping ? sleep(poll.firstMs, NEVER) : sleep(delayMs, signal));
    delayMs = Math.min(delayMs * 1.2, poll.mostMs);
  }
}

const NEVER = new AbortController().signal;

function outcomeOf(event: HistoryEvent, executionArn: string, lines: HistoryLines): Outcome | undefined {
  const fail = (error: string, cause: string | undefined): ExecutionFailure => {
    return { status: 'failed', executionArn, error, cause, state: lines.stateOf(error) };
  };
  switch (event.type) {
    case 'ExecutionSucceeded':
      return { status: 'succeeded', output: event.executionSucceededEventDetails?.output ?? 'null' };
    case 'ExecutionFailed': {
      const { error, cause } = event.executionFailedEventDetails ?? {};
      return fail(error ?? 'Error', cause);
    }
    case 'ExecutionTimedOut': {
      const { error, cause } = event.executionTimedOutEventDetails ?? {};
      return fail(error ?? 'States.Timeout', cause ?? "The execution ran longer than the machine's TimeoutSeconds");
    }
    case 'ExecutionAborted': {
      const { error, cause } = event.executionAbortedEventDetails ?? {};
      return fail(error ?? 'Stopped', cause ?? 'Somebody stopped the execution');
    }
    default:
      return undefined;
  }
}
