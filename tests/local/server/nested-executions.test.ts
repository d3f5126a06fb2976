import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createManualClock } from '../../support/manual-clock.ts';
import { START } from '../../support/run.ts';
import { executionArn, FAIL, MACHINE, PASS, startServer, WAIT } from './helpers.ts';

const CHILD = MACHINE.replace(/machine$/, 'child');
const CHILD_RUN = executionArn('run').replace(':machine:', ':child:');

/** A state machine that runs one task; `Arguments` may be left to its input. */
function calling(resource: string, fields: object = { Arguments: { StateMachineArn: CHILD, Name: 'run' } }) {
  const task = { Type: 'Task', Resource: `arn:aws:states:::${resource}`, ...fields, End: true };
  return { ...PASS, States: { P: task } };
}

const childInput = (Input: unknown) => ({ Arguments: { StateMachineArn: CHILD, Name: 'run', Input } });

/** Runs a parent over a child with the definition given; the parent's end. */
async function runParent(parent: object, child: object, childFields: object = {}) {
  const server = await startServer();
  await server.create(child, { name: 'child', ...childFields });
  await server.create(parent);
  const end = await server.run('a');
  const describeChild = () => server.sfn.describeExecution({ executionArn: CHILD_RUN });
  const history = async () => (await server.sfn.getExecutionHistory({ executionArn: executionArn('a') })).events ?? [];
  return { ...server, end, describeChild, history };
}

const METADATA = {
  SdkHttpMetadata: {
    AllHttpHeaders: {
      connection: ['keep-alive'],
      'Content-Length': ['99'],
      'Content-Type': ['application/x-amz-json-1.0'],
      Date: ['Tue, 24 Nov 2026 12:00:00 GMT'],
      'x-amzn-RequestId': [expect.stringMatching(/^[\da-f-]{36}$/)],
    },
    HttpHeaders: {
      connection: 'keep-alive',
      'Content-Length': '99',
      'Content-Type': 'application/x-amz-json-1.0',
      Date: 'Tue, 24 Nov 2026 12:00:00 GMT',
      'x-amzn-RequestId': expect.stringMatching(/^[\da-f-]{36}$/),
    },
    HttpStatusCode: 200,
  },
  SdkResponseMetadata: { RequestId: expect.stringMatching(/^[\da-f-]{36}$/) },
};

test('startExecution answers at once, and the child goes on', async () => {
  const { end, describeChild } = await runParent(calling('states:startExecution', childInput({ a: 1 })), PASS);
  expect(end.status).toBe('SUCCEEDED');
  expect(JSON.parse(end.output ?? '')).toEqual({ ExecutionArn: CHILD_RUN, ...METADATA, StartDate: START });
  expect(await describeChild()).toMatchObject({ status: 'SUCCEEDED', input: '{"a":1}' });
});

const DESCRIBED = {
  ExecutionArn: CHILD_RUN,
  InputDetails: { Included: true },
  Name: 'run',
  OutputDetails: { Included: true },
  RedriveCount: 0,
  RedriveStatus: 'NOT_REDRIVABLE',
  RedriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
  StartDate: START,
  StateMachineArn: CHILD,
  Status: 'SUCCEEDED',
  StopDate: START,
};

test.each([
  ['startExecution.sync', { Input: '{"a":1}', Output: '{"a":1}' }],
  ['startExecution.sync:2', { Input: { a: 1 }, Output: { a: 1 } }],
])('%s waits for the end of the child', async (resource, payloads) => {
  const { end, history } = await runParent(calling(`states:${resource}`, childInput({ a: 1 })), PASS);
  expect(JSON.parse(end.output ?? '')).toEqual({ ...DESCRIBED, ...payloads });
  expect(Object.keys(JSON.parse(end.output ?? '{}'))).toEqual(Object.keys({ ...DESCRIBED, ...payloads }).sort());
  const events = await history();
  expect(events.map(({ type }) => type)).toEqual([
    'ExecutionStarted',
    'TaskStateEntered',
    'TaskScheduled',
    'TaskStarted',
    'TaskSubmitted',
    'TaskSucceeded',
    'TaskStateExited',
    'ExecutionSucceeded',
  ]);
  const { output = '', ...submitted } = events[4]?.taskSubmittedEventDetails ?? {};
  expect(submitted).toEqual({ resourceType: 'states', resource, outputDetails: { truncated: false } });
  expect(JSON.parse(output)).toEqual({ ExecutionArn: CHILD_RUN, ...METADATA, StartDate: START });
});

test.each(['startExecution.sync', 'startExecution.sync:2'])(
  '%s fails with what is told of a failed child',
  async (resource) => {
    const { end } = await runParent(calling(`states:${resource}`), FAIL);
    expect(end).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
    expect(end.cause).toBe(
      `{"Error":"Broken","ExecutionArn":"${CHILD_RUN}","Input":"{}","InputDetails":{"Included":true},"Name":"run","RedriveCount":0,"RedriveStatus":"REDRIVABLE","StartDate":${START},"StateMachineArn":"${CHILD}","Status":"FAILED","StopDate":${START}}`,
    );
  },
);

test.each([
  ['an object', { a: [1] }, '{"a":[1]}'],
  ['a text that is JSON', '{"a":1}', '{"a":1}'],
  ['a text that is none', 'hello', '"hello"'],
  ['null', null, '{}'],
])('a child gets %s as its input', async (_, Input, input) => {
  const { describeChild } = await runParent(calling('states:startExecution', childInput(Input)), PASS);
  expect((await describeChild()).input).toBe(input);
});

test.each([
  [
    'states:startExecution',
    'StepFunctions.StateMachineDoesNotExistException',
    `State Machine Does Not Exist: '${CHILD}' (Service: AWSStepFunctions; Status Code: 400; Error Code: StateMachineDoesNotExist; Request ID: ID; Proxy: null)`,
  ],
  [
    'aws-sdk:sfn:startExecution',
    'Sfn.StateMachineDoesNotExistException',
    `State Machine Does Not Exist: '${CHILD}' (Service: Sfn, Status Code: 400, Request ID: ID) (SDK Attempt Count: 1)`,
  ],
])('%s fails with the error of the API', async (resource, error, cause) => {
  const { end } = await runParent(calling(resource), PASS, { name: 'other' });
  expect(end).toMatchObject({ status: 'FAILED', error });
  expect(end.cause?.replace(/[\da-f]{8}-[\da-f-]{27}/, 'ID')).toBe(cause);
});

test('aws-sdk:sfn:startExecution answers with a date as a text', async () => {
  const { end } = await runParent(calling('aws-sdk:sfn:startExecution'), PASS);
  expect(JSON.parse(end.output ?? '')).toEqual({ ExecutionArn: CHILD_RUN, StartDate: '2026-11-24T12:00:00.000Z' });
});

test('aws-sdk:sfn:startSyncExecution succeeds with the failure of an EXPRESS child', async () => {
  const { end } = await runParent(calling('aws-sdk:sfn:startSyncExecution'), FAIL, { type: 'EXPRESS' });
  expect(end.status).toBe('SUCCEEDED');
  expect(JSON.parse(end.output ?? '')).toEqual({
    BillingDetails: { BilledDurationInMilliseconds: 100, BilledMemoryUsedInMB: 64 },
    Error: 'Broken',
    ExecutionArn: expect.stringContaining(':express:child:run:'),
    Input: '{}',
    InputDetails: { Included: true },
    Name: 'run',
    StartDate: '2026-11-24T12:00:00.000Z',
    StateMachineArn: CHILD,
    Status: 'FAILED',
    StopDate: '2026-11-24T12:00:00.000Z',
  });
});

test('a child answers its parent with the task token that it was given', async () => {
  const child = calling('aws-sdk:sfn:sendTaskSuccess', {
    Arguments: { TaskToken: '{% $states.input.token %}', Output: { done: true } },
  });
  const parent = calling(
    'states:startExecution.waitForTaskToken',
    childInput({ token: '{% $states.context.Task.Token %}' }),
  );
  const { end } = await runParent(parent, child);
  expect(end).toMatchObject({ status: 'SUCCEEDED', output: '{"done":true}' });
});

test('stopping the parent stops a child that it waits for', async () => {
  const { sfn, create } = await startServer({ clock: createManualClock(START) });
  await create(WAIT, { name: 'child' });
  await create(calling('states:startExecution.sync'));
  await sfn.startExecution({ stateMachineArn: MACHINE, name: 'a' });
  for (let events = 0; events < 5; ) {
    events = (await sfn.getExecutionHistory({ executionArn: executionArn('a') })).events?.length ?? 0;
  }
  await sfn.stopExecution({ executionArn: executionArn('a') });
  expect(await sfn.describeExecution({ executionArn: CHILD_RUN })).toMatchObject({
    status: 'ABORTED',
    cause: `The Task state in AWS Step Functions execution [${executionArn('a')}] which was managing this resource was aborted`,
  });
});

test('a parent goes on waiting for its child after a restart', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'nested-'));
  const clock = createManualClock(START);
  const first = await startServer({ clock, dataDir });
  await first.create(WAIT, { name: 'child' });
  await first.create(calling('states:startExecution.sync:2'));
  await first.sfn.startExecution({ stateMachineArn: MACHINE, name: 'a' });
  for (let events = 0; events < 5; ) {
    events = (await first.sfn.getExecutionHistory({ executionArn: executionArn('a') })).events?.length ?? 0;
  }
  await first.close();
  const { sfn, close } = await startServer({ clock, dataDir });
  await clock.advance(3_600_000);
  for (let status: string | undefined; status !== 'SUCCEEDED'; ) {
    await clock.advance(0);
    ({ status } = await sfn.describeExecution({ executionArn: executionArn('a') }));
  }
  const { executions } = await sfn.listExecutions({ stateMachineArn: CHILD });
  expect(executions?.map(({ name, status }) => [name, status])).toEqual([['run', 'SUCCEEDED']]);
  await close();
  rmSync(dataDir, { recursive: true });
});
