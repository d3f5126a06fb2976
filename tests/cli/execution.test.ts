import {
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { runExecution } from '../../cli/execution.ts';
import type { StateEntry } from '../../cli/log/history-lines.ts';
import { memoryObjects } from '../support/memory-objects.ts';
import { called, entered, history, type Recorded, started, succeeded } from './log/events.ts';

const MACHINE = 'arn:aws:states:us-east-1:123456789012:stateMachine:pipeline';
const EXECUTION = 'arn:aws:states:us-east-1:123456789012:execution:pipeline:1';

const SUCCESS: Recorded = {
  type: 'ExecutionSucceeded',
  second: 2,
  executionSucceededEventDetails: { output: '{"response":"Hello!"}' },
};

/** A Step Functions that answers each look at the history with the next of `looks`. */
function setUp(looks: { events: HistoryEvent[]; nextToken?: string }[], onSleep: (ms: number) => void = () => {}) {
  const sdk = new SFNClient({ region: 'us-east-1' });
  const client = mockClient(sdk);
  client.on(StartExecutionCommand).resolves({ executionArn: EXECUTION });
  client.on(DescribeStateMachineForExecutionCommand).resolves({ definition: '{"States":{}}' });
  client.on(StopExecutionCommand).resolves({});
  const [first, ...others] = looks;
  const answers = client.on(GetExecutionHistoryCommand).resolvesOnce(first ?? { events: [] });
  for (const look of others) answers.resolvesOnce(look);
  const interrupt = new AbortController();
  const seen = { texts: [] as string[], waits: [] as (StateEntry | undefined)[], sleeps: [] as number[] };
  const target = {
    client: sdk,
    stateMachineArn: MACHINE,
    payloads: { store: memoryObjects(), bucket: undefined },
    poll: { firstMs: 10, mostMs: 13 },
    close: async () => {},
  };
  const run = () =>
    runExecution(target, {
      input: '{"prompt":"hi"}',
      logContent: true,
      watcher: { line: ({ text }) => seen.texts.push(text), waiting: (entry) => seen.waits.push(entry) },
      signal: interrupt.signal,
      sleep: async (ms) => {
        seen.sleeps.push(ms);
        onSleep(ms);
      },
    });
  return { client, interrupt, seen, run };
}

describe('an execution', () => {
  test('is started, looked at with growing pauses, and each event of each page is read once', async () => {
    const events = history([
      started(0, { prompt: 'hi' }),
      entered(0, 'InvokeModel'),
      ...called(0),
      succeeded(2, { response: 'Hello!' }),
      SUCCESS,
    ]);
    const { client, seen, run } = setUp([
      { events: events.slice(0, 1) },
      { events: events.slice(0, 2) },
      { events: events.slice(0, 2) },
      { events: events.slice(0, 3), nextToken: 'page 2' },
      { events: events.slice(3) },
    ]);
    expect(await run()).toEqual({ status: 'succeeded', output: '{"response":"Hello!"}' });
    expect(seen).toEqual({
      texts: ['Received prompt: hi', 'Claude responded successfully', 'Response: Hello!'],
      waits: [undefined, { name: 'InvokeModel', eventId: 2 }, { name: 'InvokeModel', eventId: 2 }],
      sleeps: [10, 12, 13],
    });
    expect(client.commandCalls(StartExecutionCommand).map(({ args }) => args[0].input)).toEqual([
      { stateMachineArn: MACHINE, input: '{"prompt":"hi"}' },
    ]);
    expect(client.commandCalls(GetExecutionHistoryCommand).map(({ args }) => args[0].input.nextToken)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      'page 2',
    ]);
  });

  test.each<[string, Recorded, object]>([
    [
      'failed',
      { type: 'ExecutionFailed', second: 0, executionFailedEventDetails: { error: 'TypeError', cause: 'x' } },
      { error: 'TypeError', cause: 'x' },
    ],
    ['failed without a word', { type: 'ExecutionFailed', second: 0 }, { error: 'Error', cause: undefined }],
    [
      'timed out',
      { type: 'ExecutionTimedOut', second: 0 },
      { error: 'States.Timeout', cause: "The execution ran longer than the machine's TimeoutSeconds" },
    ],
    [
      'stopped by another',
      { type: 'ExecutionAborted', second: 0 },
      { error: 'Stopped', cause: 'Somebody stopped the execution' },
    ],
  ])('that %s', async (_, end, failure) => {
    const { run } = setUp([{ events: history([entered(0, 'InvokeModel'), end]) }]);
    expect(await run()).toEqual({ status: 'failed', executionArn: EXECUTION, state: 'InvokeModel', ...failure });
  });

  test('is stopped once when interrupted, and followed to its end', async () => {
    const events = history([
      started(0, { prompt: 'hi' }),
      {
        type: 'ExecutionAborted',
        second: 1,
        executionAbortedEventDetails: { error: 'Interrupted', cause: 'Stopped by Ctrl-C' },
      },
    ]);
    const looks = [{ events: events.slice(0, 1) }, { events: events.slice(0, 1) }, { events }];
    const { client, interrupt, seen, run } = setUp(looks, () => interrupt.abort());
    expect(await run()).toEqual({
      status: 'failed',
      executionArn: EXECUTION,
      error: 'Interrupted',
      cause: 'Stopped by Ctrl-C',
      state: undefined,
    });
    expect(seen.texts).toEqual(['Received prompt: hi', 'Pipeline stopped']);
    expect(client.commandCalls(StopExecutionCommand).map(({ args }) => args[0].input)).toEqual([
      { executionArn: EXECUTION, error: 'Interrupted', cause: 'Stopped by Ctrl-C' },
    ]);
  });

  test('that cannot be read yet is looked for again', async () => {
    const { client, seen, run } = setUp([{ events: history([SUCCESS]) }]);
    const missing = Object.assign(new Error('Execution Does Not Exist'), { name: 'ExecutionDoesNotExist' });
    client.on(DescribeStateMachineForExecutionCommand).rejectsOnce(missing).resolves({ definition: '{"States":{}}' });
    expect(await run()).toEqual({ status: 'succeeded', output: '{"response":"Hello!"}' });
    expect(seen.sleeps).toEqual([13]);
  });

  test('that stays missing, or that may not be read, throws what the SDK throws', async () => {
    const missing = Object.assign(new Error('Execution Does Not Exist'), { name: 'ExecutionDoesNotExist' });
    const { client, seen, run } = setUp([]);
    client.on(DescribeStateMachineForExecutionCommand).rejects(missing);
    await expect(run()).rejects.toThrow('Execution Does Not Exist');
    expect(seen.sleeps).toHaveLength(9);
    const denied = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    client.on(DescribeStateMachineForExecutionCommand).rejects(denied);
    await expect(run()).rejects.toThrow('no');
    expect(seen.sleeps).toHaveLength(9);
  });
});
