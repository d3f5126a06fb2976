import { request } from 'node:http';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineForExecutionCommand,
  ExecutionAlreadyExists,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterEach, describe, expect, test } from '@jest/globals';
import { StateFailure } from '../../../local/asl/errors.ts';
import { createSkippingClock } from '../../../local/engine/clock.ts';
import { type ServerOptions, startStepFunctions } from '../../../local/server/server.ts';
import { createLambdaTasks } from '../../../local/tasks/lambda.ts';
import { START } from '../../support/run.ts';

const MACHINE = 'arn:aws:states:eu-west-1:123456789012:stateMachine:machine';
const EXECUTION = 'arn:aws:states:eu-west-1:123456789012:execution:machine:run-1';
const ROLE = 'arn:aws:iam::123456789012:role/machine';
const PASS = { QueryLanguage: 'JSONata', StartAt: 'P', States: { P: { Type: 'Pass', End: true } } };
const WAIT = { ...PASS, States: { P: { Type: 'Wait', Seconds: 3600, End: true } } };
const LAMBDA = {
  ...PASS,
  States: {
    P: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: {
        FunctionName: 'arn:aws:lambda:eu-west-1:123456789012:function:double',
        Payload: '{% $states.input %}',
      },
      End: true,
    },
  },
};

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const double = (event: unknown): unknown => {
  if (typeof event !== 'number') throw Object.assign(new Error(`${event} is no number`), { name: 'NotANumber' });
  return event * 2;
};

async function startServer(options: Partial<ServerOptions> = {}) {
  const runTask = createLambdaTasks({ double }, () => 'request-1');
  const createClock = () => createSkippingClock(() => START);
  const server = await startStepFunctions({ region: 'eu-west-1', runTask, createClock, ...options });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SFNClient({ endpoint: server.url, region: 'eu-west-1', credentials, maxAttempts: 1 });
  closers.push(server.close, () => client.destroy());
  const create = (definition: object, name = 'machine') =>
    client.send(new CreateStateMachineCommand({ name, definition: JSON.stringify(definition), roleArn: ROLE }));
  const start = (input?: string, name: string | undefined = 'run-1') =>
    client.send(new StartExecutionCommand({ stateMachineArn: MACHINE, input, name }));
  const ended = async () => {
    for (;;) {
      const { $metadata, ...execution } = await client.send(new DescribeExecutionCommand({ executionArn: EXECUTION }));
      if (execution.status !== 'RUNNING') return execution;
    }
  };
  return { url: server.url, client, create, start, ended };
}

const refusal = (sent: Promise<unknown>): Promise<string> =>
  sent.then(
    () => 'nothing refused',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('the Step Functions API', () => {
  test('creates a state machine, runs it and describes the execution', async () => {
    const { create, start, ended } = await startServer();
    expect((await create(LAMBDA)).stateMachineArn).toBe(MACHINE);
    expect(await start('21')).toMatchObject({ executionArn: EXECUTION, startDate: new Date(START) });
    const { output, ...rest } = await ended();
    expect(JSON.parse(output ?? '')).toEqual({
      ExecutedVersion: '$LATEST',
      Payload: 42,
      SdkHttpMetadata: {
        AllHttpHeaders: {
          'x-amzn-RequestId': ['request-1'],
          'Content-Length': ['2'],
          'Content-Type': ['application/json'],
          'X-Amz-Executed-Version': ['$LATEST'],
        },
        HttpHeaders: {
          'x-amzn-RequestId': 'request-1',
          'Content-Length': '2',
          'Content-Type': 'application/json',
          'X-Amz-Executed-Version': '$LATEST',
        },
        HttpStatusCode: 200,
      },
      SdkResponseMetadata: { RequestId: 'request-1' },
      StatusCode: 200,
    });
    expect(rest).toEqual({
      executionArn: EXECUTION,
      stateMachineArn: MACHINE,
      name: 'run-1',
      status: 'SUCCEEDED',
      startDate: new Date(START),
      stopDate: new Date(START),
      input: '21',
      inputDetails: { included: true },
      outputDetails: { included: true },
      redriveCount: 0,
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
    });
  });

  test('fails an execution with the error and the JSON cause of its function', async () => {
    const { create, start, ended } = await startServer();
    await create(LAMBDA);
    await start('"x"');
    const { error, cause = '', output } = await ended();
    expect([error, output]).toEqual(['NotANumber', undefined]);
    const { trace, ...rest } = JSON.parse(cause);
    expect(rest).toEqual({ errorType: 'NotANumber', errorMessage: 'x is no number' });
    expect(trace[0]).toMatch(/: x is no number$/);
  });

  test('fails a task whose function does not exist', async () => {
    const { create, start, ended } = await startServer({ runTask: createLambdaTasks({}, () => 'request-1') });
    await create(LAMBDA);
    await start('1');
    expect(await ended()).toMatchObject({
      error: 'Lambda.ResourceNotFoundException',
      cause: 'Function not found: arn:aws:lambda:eu-west-1:123456789012:function:double',
    });
  });

  test('gives the history in pages, forwards and backwards, with and without data', async () => {
    const { client, create, start, ended } = await startServer();
    await create(PASS);
    await start('{"a":1}');
    await ended();
    const history = (options: object) =>
      client.send(new GetExecutionHistoryCommand({ executionArn: EXECUTION, ...options }));
    const { events, nextToken } = await history({});
    expect(nextToken).toBeUndefined();
    expect(events).toEqual([
      {
        timestamp: new Date(START),
        type: 'ExecutionStarted',
        id: 1,
        previousEventId: 0,
        executionStartedEventDetails: { input: '{"a":1}', inputDetails: { truncated: false }, roleArn: ROLE },
      },
      {
        timestamp: new Date(START),
        type: 'PassStateEntered',
        id: 2,
        previousEventId: 0,
        stateEnteredEventDetails: { name: 'P', input: '{"a":1}', inputDetails: { truncated: false } },
      },
      {
        timestamp: new Date(START),
        type: 'PassStateExited',
        id: 3,
        previousEventId: 2,
        stateExitedEventDetails: { name: 'P', output: '{"a":1}', outputDetails: { truncated: false } },
      },
      {
        timestamp: new Date(START),
        type: 'ExecutionSucceeded',
        id: 4,
        previousEventId: 3,
        executionSucceededEventDetails: { output: '{"a":1}', outputDetails: { truncated: false } },
      },
    ]);
    const first = await history({ maxResults: 3 });
    const second = await history({ maxResults: 3, nextToken: first.nextToken });
    expect([first.events, second.events].map((page) => page?.map(({ id }) => id))).toEqual([[1, 2, 3], [4]]);
    expect(second.nextToken).toBeUndefined();
    const last = await history({ reverseOrder: true, maxResults: 2 });
    const rest = await history({ reverseOrder: true, nextToken: last.nextToken });
    expect([last.events, rest.events].map((page) => page?.map(({ id }) => id))).toEqual([
      [4, 3],
      [2, 1],
    ]);
    const bare = await history({ includeExecutionData: false, maxResults: 2 });
    expect(
      bare.events?.map(({ executionStartedEventDetails, stateEnteredEventDetails }) => [
        executionStartedEventDetails,
        stateEnteredEventDetails,
      ]),
    ).toEqual([
      [{ roleArn: ROLE }, undefined],
      [undefined, { name: 'P' }],
    ]);
  });

  test('describes the definition that an execution runs', async () => {
    const { client, create, start } = await startServer();
    await create(PASS);
    await start();
    const answer = await client.send(new DescribeStateMachineForExecutionCommand({ executionArn: EXECUTION }));
    expect(answer).toMatchObject({
      stateMachineArn: MACHINE,
      name: 'machine',
      definition: JSON.stringify(PASS),
      roleArn: ROLE,
    });
  });

  test('stops a running execution, and leaves an ended one alone', async () => {
    const { client, create, start, ended } = await startServer({
      createClock: () => ({ now: () => START, at: () => () => {} }),
    });
    await create(WAIT);
    await start();
    const stop = () =>
      client.send(new StopExecutionCommand({ executionArn: EXECUTION, error: 'Stopped', cause: 'by hand' }));
    expect((await stop()).stopDate).toEqual(new Date(START));
    expect(await ended()).toMatchObject({ status: 'ABORTED', error: 'Stopped', cause: 'by hand' });
    await stop();
    const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn: EXECUTION }));
    expect(events.map(({ type }) => type)).toEqual(['ExecutionStarted', 'WaitStateEntered', 'ExecutionAborted']);
    expect(events[2]?.executionAbortedEventDetails).toEqual({ error: 'Stopped', cause: 'by hand' });
  });

  test('answers the same execution again while it runs, and refuses its name for another input', async () => {
    const { create, start } = await startServer({ createClock: () => ({ now: () => START, at: () => () => {} }) });
    await create(WAIT);
    await start('{"a":1}');
    expect((await start('{"a":1}')).executionArn).toBe(EXECUTION);
    const again = start('{"a":2}');
    await expect(again).rejects.toBeInstanceOf(ExecutionAlreadyExists);
    expect(await refusal(again)).toBe(`ExecutionAlreadyExists: Execution Already Exists: '${EXECUTION}'`);
  });

  test('makes up a name for an execution without one', async () => {
    const { client, create } = await startServer();
    await create(PASS);
    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn: MACHINE }));
    expect(executionArn).toMatch(
      /^arn:aws:states:eu-west-1:123456789012:execution:machine:[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/,
    );
  });

  test('creates the same state machine again, and refuses another one under its name', async () => {
    const { create } = await startServer();
    await create(PASS);
    expect((await create(PASS)).stateMachineArn).toBe(MACHINE);
    expect(await refusal(create(WAIT))).toBe(`StateMachineAlreadyExists: State Machine Already Exists: '${MACHINE}'`);
  });

  test('tells in the history of a task that broke its runner what broke', async () => {
    const runTask = async (): Promise<never> => {
      throw new TypeError('a fault of ours');
    };
    const { create, start, ended } = await startServer({ runTask });
    await create(LAMBDA);
    await start('1');
    const { error, cause } = await ended();
    expect(error).toBe('States.Runtime');
    expect(cause).toMatch(/^The task could not be run: TypeError: a fault of ours/);
  });

  test('passes the error of a task on as it is, nameless too', async () => {
    const runTask = async (): Promise<never> => {
      throw new StateFailure(undefined);
    };
    const { create, start, ended } = await startServer({ runTask });
    await create(LAMBDA);
    await start('1');
    expect(await ended()).toMatchObject({ status: 'FAILED' });
  });
});

describe('wrong requests', () => {
  test.each<[string, (server: Awaited<ReturnType<typeof startServer>>) => Promise<unknown>, string]>([
    [
      'an unknown execution',
      ({ client }) => client.send(new DescribeExecutionCommand({ executionArn: EXECUTION })),
      `ExecutionDoesNotExist: Execution Does Not Exist: '${EXECUTION}'`,
    ],
    [
      'an unknown machine',
      ({ start }) => start(),
      `StateMachineDoesNotExist: State Machine Does Not Exist: '${MACHINE}'`,
    ],
    [
      'an input that is no JSON',
      async ({ create, start }) => {
        await create(PASS);
        await start('{');
      },
      "InvalidExecutionInput: Invalid State Machine Execution Input: 'Unexpected end-of-input'",
    ],
    [
      'an input of over 262,144 characters',
      async ({ create, start }) => {
        await create(PASS);
        await start(`"${'x'.repeat(262_143)}"`);
      },
      "ValidationException: 1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to 262144",
    ],
    [
      'an input of over 262,144 bytes',
      async ({ create, start }) => {
        await create(PASS);
        await start(`"${'é'.repeat(131_072)}"`);
      },
      "InvalidExecutionInput: Invalid State Machine Execution Input: 'Execution input exceeds the maximum number of bytes service limit.'",
    ],
    [
      'a bad name',
      async ({ create, start }) => {
        await create(PASS);
        await start('{}', 'a b');
      },
      "InvalidName: Invalid Name: 'a b'",
    ],
    [
      'a definition that is no JSON',
      ({ client }) => client.send(new CreateStateMachineCommand({ name: 'm', definition: '{', roleArn: ROLE })),
      'InvalidDefinition: Invalid State Machine Definition: \'INVALID_JSON_DESCRIPTION: Unexpected end-of-input\n at [Source: (String)"{"; line: 1, column: 2]\'',
    ],
    [
      'a definition that cannot run',
      ({ create }) => create({ States: {} }),
      "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [StartAt] at /'",
    ],
    [
      'a page too large',
      async ({ client, create, start }) => {
        await create(PASS);
        await start();
        await client.send(new GetExecutionHistoryCommand({ executionArn: EXECUTION, maxResults: 1001 }));
      },
      "ValidationException: 1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000",
    ],
    [
      'a made-up token',
      async ({ client, create, start }) => {
        await create(PASS);
        await start();
        await client.send(new GetExecutionHistoryCommand({ executionArn: EXECUTION, nextToken: 'xyz' }));
      },
      "InvalidToken: Invalid Token: 'Invalid token'",
    ],
    [
      'a test case without mock configuration',
      async ({ client, create }) => {
        await create(PASS);
        await client.send(new StartExecutionCommand({ stateMachineArn: `${MACHINE}#case` }));
      },
      "ValidationException: No test case 'case' of 'machine' in the mock configuration",
    ],
  ])("%s is refused in AWS's words", async (_, send, message) => {
    const server = await startServer();
    expect(await refusal(send(server))).toBe(message);
  });

  const post = async (url: string, target: string, body: string, headers: Record<string, string> = {}) => {
    const answer = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const sent = request(url, { method: 'POST', headers: { 'x-amz-target': target, ...headers } }, (response) => {
        let text = '';
        response.on('data', (chunk) => (text += chunk)).on('end', () => resolve({ status: response.statusCode, text }));
      });
      sent.on('error', reject).end(body);
    });
    return [answer.status, JSON.parse(answer.text)];
  };

  test.each<[string, string, string, Record<string, string>, number, object]>([
    [
      'an unknown action',
      'AWSStepFunctions.Nothing',
      '{}',
      {},
      400,
      { __type: 'UnknownOperationException', message: 'Nothing is not served here' },
    ],
    [
      'an action by a name of Object',
      'AWSStepFunctions.constructor',
      '{}',
      {},
      400,
      { __type: 'UnknownOperationException', message: 'constructor is not served here' },
    ],
    [
      'a body that is no JSON',
      'AWSStepFunctions.DescribeExecution',
      'x',
      {},
      400,
      { __type: 'SerializationException', message: 'The body is no JSON object' },
    ],
    [
      'a missing field',
      'AWSStepFunctions.DescribeExecution',
      '{}',
      {},
      400,
      {
        __type: 'ValidationException',
        message:
          "1 validation error detected: Value null at 'executionArn' failed to satisfy constraint: Member must not be null",
      },
    ],
    [
      'more than one missing field',
      'AWSStepFunctions.CreateStateMachine',
      '{"name":"m","definition":null}',
      {},
      400,
      {
        __type: 'ValidationException',
        message:
          "2 validation errors detected: Value null at 'definition' failed to satisfy constraint: Member must not be null; Value null at 'roleArn' failed to satisfy constraint: Member must not be null",
      },
    ],
    [
      'a missing field of a member of a list',
      'AWSStepFunctions.CreateStateMachineAlias',
      '{"name":"a","routingConfiguration":[{"stateMachineVersionArn":"v"}]}',
      {},
      400,
      {
        __type: 'ValidationException',
        message:
          "1 validation error detected: Value null at 'routingConfiguration.1.member.weight' failed to satisfy constraint: Member must not be null",
      },
    ],
    [
      'a text for a list',
      'AWSStepFunctions.TagResource',
      '{"resourceArn":"r","tags":"t"}',
      {},
      400,
      { __type: 'SerializationException', message: 'Expected list or null' },
    ],
    [
      'a list for a text',
      'AWSStepFunctions.DescribeExecution',
      '{"executionArn":[]}',
      {},
      400,
      { __type: 'SerializationException', message: 'Start of list found where not expected' },
    ],
    [
      'a field by a name of Object',
      'AWSStepFunctions.DescribeExecution',
      '{"__proto__":{"executionArn":"x"}}',
      {},
      400,
      {
        __type: 'ValidationException',
        message:
          "1 validation error detected: Value null at 'executionArn' failed to satisfy constraint: Member must not be null",
      },
    ],
    [
      'a field of another type',
      'AWSStepFunctions.DescribeExecution',
      '{"executionArn":1}',
      {},
      400,
      { __type: 'SerializationException', message: 'NUMBER_VALUE can not be converted to a String' },
    ],
    [
      'a foreign host',
      'AWSStepFunctions.DescribeExecution',
      '{}',
      { host: 'evil.example' },
      403,
      { __type: 'AccessDeniedException', message: "The host 'evil.example' is not this server's" },
    ],
    [
      'a body over 4 MiB',
      'AWSStepFunctions.DescribeExecution',
      ' '.repeat(4 * 1024 * 1024 + 1),
      {},
      413,
      { __type: 'RequestEntityTooLargeException', message: 'The body is over 4194304 bytes' },
    ],
  ])('%s is refused', async (_, target, body, headers, status, answer) => {
    const { url } = await startServer();
    expect(await post(url, target, body, headers)).toEqual([status, answer]);
  });
});
