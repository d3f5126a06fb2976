import type { SFN } from '@aws-sdk/client-sfn';
import { describe, expect, test } from '@jest/globals';
import { createManualClock } from '../../support/manual-clock.ts';
import { START } from '../../support/run.ts';
import { answer, executionArn, FAIL, MACHINE, PASS, post, refusal, startServer, WAIT } from './helpers.ts';

const EXPRESS_ARN =
  /^arn:aws:states:eu-west-1:123456789012:express:machine:run-1:[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const NOT_SUPPORTED = 'StateMachineTypeNotSupported: This operation is not supported by this type of state machine';

describe('ListExecutions', () => {
  test('tells of the last one started first', async () => {
    const clock = createManualClock(START);
    const { sfn, create } = await startServer({ clock });
    await create(WAIT);
    await sfn.startExecution({ stateMachineArn: MACHINE, name: 'b' });
    await clock.advance(1000);
    await sfn.startExecution({ stateMachineArn: MACHINE, name: 'a' });
    await sfn.stopExecution({ executionArn: executionArn('b') });
    const item = { stateMachineArn: MACHINE, redriveCount: 0 };
    expect(await answer(sfn.listExecutions({ stateMachineArn: MACHINE }))).toEqual({
      executions: [
        { ...item, executionArn: executionArn('a'), name: 'a', status: 'RUNNING', startDate: new Date(START + 1000) },
        {
          ...item,
          executionArn: executionArn('b'),
          name: 'b',
          status: 'ABORTED',
          startDate: new Date(START),
          stopDate: new Date(START + 1000),
        },
      ],
    });
  });

  test('goes in pages, of one status, and of those redriven or not', async () => {
    const { sfn, create, run } = await startServer();
    await create(PASS, { publish: true });
    await sfn.updateStateMachine({ stateMachineArn: MACHINE, definition: JSON.stringify(FAIL) });
    for (const name of ['1', '3', '5']) await run(name, `${MACHINE}:1`);
    for (const name of ['2', '4']) await run(name);
    const list = async (input: object) => {
      const { executions, nextToken } = await sfn.listExecutions({ stateMachineArn: MACHINE, ...input });
      return { names: executions?.map(({ name }) => name).join(''), nextToken };
    };
    const succeeded = await list({ statusFilter: 'SUCCEEDED', maxResults: 2 });
    expect(succeeded).toEqual({ names: '53', nextToken: expect.any(String) });
    expect(await list({ statusFilter: 'SUCCEEDED', nextToken: succeeded.nextToken })).toEqual({ names: '1' });
    expect(await list({ statusFilter: 'FAILED', maxResults: 2 })).toEqual({ names: '42' });
    expect(await list({ statusFilter: 'PENDING_REDRIVE' })).toEqual({ names: '' });
    expect(await list({ redriveFilter: 'NOT_REDRIVEN' })).toEqual({ names: '42531' });
    expect(await list({ redriveFilter: 'REDRIVEN' })).toEqual({ names: '' });
  });

  test.each<[string, object, string]>([
    [
      'a status that is none',
      { statusFilter: 'succeeded' },
      "ValidationException: 1 validation error detected: Value 'succeeded' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]",
    ],
    [
      'neither a state machine nor a map run',
      { stateMachineArn: undefined },
      'ValidationException: Must provide a StateMachine ARN or MapRun ARN',
    ],
    ['a text for an ARN', { stateMachineArn: 'machine' }, "InvalidArn: Invalid Arn: 'Invalid ARN prefix: machine'"],
    [
      'a state machine that is not there',
      { stateMachineArn: `${MACHINE}2` },
      `StateMachineDoesNotExist: State Machine Does Not Exist: '${MACHINE}2'`,
    ],
    [
      'a version that is not there',
      { stateMachineArn: `${MACHINE}:7` },
      `StateMachineDoesNotExist: State Machine Does Not Exist: '${MACHINE}:7'`,
    ],
    ['a token that is none', { nextToken: 'xyz' }, "InvalidToken: Invalid Token: 'Invalid token'"],
    [
      'a token too long',
      { nextToken: 'x'.repeat(3097) },
      `ValidationException: 1 validation error detected: Value '${'x'.repeat(3097)}' at 'nextToken' failed to satisfy constraint: Member must have length less than or equal to 3096`,
    ],
  ])('refuses %s', async (_, input, message) => {
    const { sfn, create } = await startServer();
    await create(PASS);
    expect(await refusal(sfn.listExecutions({ stateMachineArn: MACHINE, ...input }))).toBe(message);
  });

  test('refuses EXPRESS state machines', async () => {
    const { sfn, create } = await startServer();
    await create(PASS, { type: 'EXPRESS' });
    expect(await refusal(sfn.listExecutions({ stateMachineArn: MACHINE }))).toBe(NOT_SUPPORTED);
  });
});

describe('DescribeExecution', () => {
  test('tells that a failed execution can be redriven', async () => {
    const { create, run } = await startServer();
    await create(FAIL);
    const failed = await run('a');
    expect(failed).toMatchObject({ redriveCount: 0, redriveStatus: 'REDRIVABLE' });
    expect(failed).not.toHaveProperty('redriveStatusReason');
  });

  test('tells that a running execution cannot be redriven', async () => {
    const { sfn, create } = await startServer({ clock: createManualClock(START) });
    await create(WAIT);
    await sfn.startExecution({ stateMachineArn: MACHINE, name: 'a' });
    expect(await sfn.describeExecution({ executionArn: executionArn('a') })).toMatchObject({
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution is RUNNING and cannot be redriven',
    });
  });

  test('leaves data out of METADATA_ONLY', async () => {
    const { create, run, sfn } = await startServer();
    await create(PASS);
    await run('a', MACHINE, '{"secret":1}');
    const includedData = 'METADATA_ONLY';
    expect(await answer(sfn.describeExecution({ executionArn: executionArn('a'), includedData }))).toEqual({
      executionArn: executionArn('a'),
      stateMachineArn: MACHINE,
      name: 'a',
      status: 'SUCCEEDED',
      startDate: new Date(START),
      stopDate: new Date(START),
      redriveCount: 0,
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
    });
  });

  test('gives the trace header back', async () => {
    const { create, sfn } = await startServer();
    await create(PASS);
    await sfn.startExecution({ stateMachineArn: MACHINE, name: 'a', traceHeader: 'Root=1-2-3' });
    expect((await sfn.describeExecution({ executionArn: executionArn('a') })).traceHeader).toBe('Root=1-2-3');
  });

  test.each<[string, (sfn: SFN, executionArn: string) => Promise<unknown>]>([
    ['DescribeExecution', (sfn, arn) => sfn.describeExecution({ executionArn: arn })],
    ['GetExecutionHistory', (sfn, arn) => sfn.getExecutionHistory({ executionArn: arn })],
    ['StopExecution', (sfn, arn) => sfn.stopExecution({ executionArn: arn })],
    ['DescribeStateMachineForExecution', (sfn, arn) => sfn.describeStateMachineForExecution({ executionArn: arn })],
  ])('like %s, refuses what is no execution of a STANDARD state machine', async (_, send) => {
    const { sfn } = await startServer();
    const refused = (arn: string) => refusal(send(sfn, arn));
    expect(await refused('x')).toBe("InvalidArn: Invalid Arn: 'Invalid ARN prefix: x'");
    const express = 'arn:aws:states:eu-west-1:123456789012:express:machine:a:b';
    expect(await refused(express)).toBe("InvalidArn: Invalid Arn: 'Resource type not valid in this context: express'");
    const missing = executionArn('a');
    expect(await refused(missing)).toBe(`ExecutionDoesNotExist: Execution Does Not Exist: '${missing}'`);
  });
});

describe('StartExecution', () => {
  test('starts an EXPRESS state machine under the same name again and again', async () => {
    const { sfn, create } = await startServer();
    await create(PASS, { type: 'EXPRESS' });
    const start = () => answer(sfn.startExecution({ stateMachineArn: MACHINE, name: 'run-1' }));
    const [first, second] = [await start(), await start()];
    expect(first).toEqual({ executionArn: expect.stringMatching(EXPRESS_ARN), startDate: new Date(START) });
    expect(second.executionArn).not.toBe(first.executionArn);
  });

  test.each([
    [
      'not some json',
      "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
    ],
    ["{'not': 'json'", "Unexpected character (''' (code 39)): was expecting double-quote to start field name"],
    ['', 'Invalid execution input.'],
  ])('refuses the input %s', async (input, why) => {
    const { sfn, create } = await startServer();
    await create(PASS);
    expect(await refusal(sfn.startExecution({ stateMachineArn: MACHINE, input }))).toBe(
      `InvalidExecutionInput: Invalid State Machine Execution Input: '${why}'`,
    );
  });

  test.each(['2', '"some text"', 'null'])('takes the input %s', async (input) => {
    const { create, run } = await startServer();
    await create(PASS);
    expect(await run('a', MACHINE, input)).toMatchObject({ status: 'SUCCEEDED', input, output: input });
  });
});

describe('StartSyncExecution', () => {
  test('answers when the execution has ended', async () => {
    const { sfn, create } = await startServer();
    await create(PASS, { type: 'EXPRESS' });
    const input = '{"a":1}';
    const traceHeader = 'Root=1-2-3';
    const ended = await answer(sfn.startSyncExecution({ stateMachineArn: MACHINE, name: 'run-1', input, traceHeader }));
    expect(ended).toEqual({
      executionArn: expect.stringMatching(EXPRESS_ARN),
      stateMachineArn: MACHINE,
      name: 'run-1',
      status: 'SUCCEEDED',
      startDate: new Date(START),
      stopDate: new Date(START),
      input,
      inputDetails: { included: true },
      output: input,
      outputDetails: { included: true },
      traceHeader,
      billingDetails: { billedDurationInMilliseconds: 100, billedMemoryUsedInMB: 64 },
    });
    const metadata = await answer(
      sfn.startSyncExecution({ stateMachineArn: MACHINE, input, includedData: 'METADATA_ONLY' }),
    );
    expect(Object.keys(metadata).sort()).toEqual(
      ['billingDetails', 'executionArn', 'name', 'startDate', 'stateMachineArn', 'status', 'stopDate'].sort(),
    );
  });

  test('tells of a failure', async () => {
    const { sfn, create } = await startServer();
    await create(FAIL, { type: 'EXPRESS' });
    const ended = await sfn.startSyncExecution({ stateMachineArn: MACHINE });
    expect(ended).toMatchObject({ status: 'FAILED', error: 'Broken', input: '{}' });
  });

  test('has a context object without a count of redrives', async () => {
    const { sfn, create, run } = await startServer();
    const definition = {
      ...PASS,
      States: { P: { Type: 'Pass', Output: '{% $keys($states.context.Execution) %}', End: true } },
    };
    await create(definition);
    const keys = ['Id', 'Input', 'Name', 'RoleArn', 'StartTime'];
    expect(JSON.parse((await run('a')).output ?? '')).toEqual([...keys, 'RedriveCount']);
    await create(definition, { name: 'express', type: 'EXPRESS' });
    const { output = '' } = await sfn.startSyncExecution({ stateMachineArn: MACHINE.replace(/machine$/, 'express') });
    expect(JSON.parse(output)).toEqual(keys);
  });

  test('bills each 100 ms begun, and lets no execution take more than 5 minutes', async () => {
    const { sfn, create } = await startServer();
    await create(WAIT, { type: 'EXPRESS' });
    expect(await sfn.startSyncExecution({ stateMachineArn: MACHINE })).toMatchObject({
      status: 'TIMED_OUT',
      stopDate: new Date(START + 300_000),
      billingDetails: { billedDurationInMilliseconds: 300_000 },
    });
  });

  test('refuses STANDARD state machines', async () => {
    const { sfn, create } = await startServer();
    await create(PASS);
    expect(await refusal(sfn.startSyncExecution({ stateMachineArn: MACHINE }))).toBe(NOT_SUPPORTED);
  });

  test.each(['sync-127.0.0.1', 'sync-localhost', 'sync-states.localhost'])('is reached as %s', async (host) => {
    const { url, create } = await startServer();
    await create(PASS, { type: 'EXPRESS' });
    const body = JSON.stringify({ stateMachineArn: MACHINE });
    const [status] = await post(url, 'AWSStepFunctions.StartSyncExecution', body, { host: `${host}:8083` });
    expect(status).toBe(200);
  });

  test.each(['sync-evil.example', 'localhost.evil.example', 'sync-10.0.0.1'])('is not reached as %s', async (host) => {
    const { url } = await startServer();
    const [status, refused] = await post(url, 'AWSStepFunctions.StartSyncExecution', '{}', { host });
    expect([status, refused.__type]).toEqual([403, 'AccessDeniedException']);
  });
});
