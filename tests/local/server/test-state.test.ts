import type { TestStateInput } from '@aws-sdk/client-sfn';
import { describe, expect, test } from '@jest/globals';
import { StateFailure } from '../../../local/asl/errors.ts';
import type { TaskRunner } from '../../../local/tasks/task.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { START } from '../../support/run.ts';
import { answer, MACHINE, post, ROLE, refusal, startServer } from './helpers.ts';

type Request = Omit<Partial<TestStateInput>, 'definition' | 'input' | 'variables' | 'context'> & {
  readonly input?: unknown;
  readonly variables?: object;
  readonly context?: unknown;
};

const json = (value: unknown): string | undefined => (value === undefined ? undefined : JSON.stringify(value));

function requestOf(definition: object, { input, variables, context, ...rest }: Request): TestStateInput {
  const texts = { input: json(input), variables: json(variables), context: json(context) };
  return { definition: JSON.stringify(definition), ...texts, ...rest };
}

/** What a test of a definition answers, with the JSON texts in it parsed. */
async function testState(definition: object, request: Request = {}, runTask?: TaskRunner) {
  const { sfn } = await startServer(runTask && { runTask });
  const { inspectionData, output, ...rest } = await answer(sfn.testState(requestOf(definition, request)));
  const parsed = Object.entries(inspectionData ?? {}).map(([key, value]) => [
    key,
    typeof value === 'string' ? JSON.parse(value) : value,
  ]);
  return {
    ...rest,
    ...(output !== undefined && { output: JSON.parse(output) }),
    ...(inspectionData && { inspectionData: Object.fromEntries(parsed) }),
  };
}

async function refused(definition: object, request: Request): Promise<string> {
  const { sfn } = await startServer();
  return refusal(sfn.testState(requestOf(definition, request)));
}

const DEBUG = { inspectionLevel: 'DEBUG' } as const;
const INPUT = { Value: 'HelloWorld' };
const ERROR = { error: 'MockException', cause: 'Mock the cause of the error.' };
const PATH_TASK = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: 'f', 'Payload.$': '$' },
  ResultSelector: { 'answer.$': '$.Payload' },
  ResultPath: '$.result',
  OutputPath: '$.result',
  Next: 'After',
};
const TASK = {
  QueryLanguage: 'JSONata',
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: 'f', Payload: 'bar' },
  End: true,
};
const MAP = {
  QueryLanguage: 'JSONata',
  Type: 'Map',
  Items: '{% $states.input.Values %}',
  ItemProcessor: { StartAt: 'HandleItem', States: { HandleItem: { Type: 'Pass', End: true } } },
  Output: '{% $states.result %}',
  End: true,
};
const VALUES = { Values: ['first', 'second', 'third'] };

// The shapes are those that AWS answered, recorded in November 2025.
describe('TestState', () => {
  test('tells the status and the output', async () => {
    expect(await testState({ Type: 'Pass', End: true }, { input: INPUT })).toEqual({
      status: 'SUCCEEDED',
      output: INPUT,
    });
  });

  test('tells the next state, which need not be there', async () => {
    const definition = {
      Type: 'Choice',
      Choices: [{ Variable: '$.n', NumericGreaterThan: 20, Next: 'Big' }],
      Default: 'Small',
    };
    expect(await testState(definition, { input: { n: 22 }, ...DEBUG })).toEqual({
      status: 'SUCCEEDED',
      output: { n: 22 },
      nextState: 'Big',
      inspectionData: { input: { n: 22 }, afterInputPath: { n: 22 } },
    });
  });

  test('tells why a Fail state fails', async () => {
    expect(await testState({ Type: 'Fail', Error: 'SomeFailure', Cause: 'why' }, { input: INPUT, ...DEBUG })).toEqual({
      status: 'FAILED',
      error: 'SomeFailure',
      cause: 'why',
      inspectionData: { input: INPUT, afterInputPath: INPUT },
    });
  });

  test.each<[string, object, object]>([
    [
      'its input',
      {},
      { afterInputPath: INPUT, afterParameters: INPUT, afterResultSelector: INPUT, afterResultPath: INPUT },
    ],
    ['a Result', { Result: { a: 1 } }, { result: { a: 1 }, afterResultSelector: { a: 1 }, afterResultPath: { a: 1 } }],
    [
      'Parameters',
      { InputPath: '$.Value', Parameters: { 'v.$': '$' }, ResultPath: '$.new' },
      {
        afterInputPath: 'HelloWorld',
        afterParameters: { v: 'HelloWorld' },
        afterResultSelector: { v: 'HelloWorld' },
        afterResultPath: { ...INPUT, new: { v: 'HelloWorld' } },
      },
    ],
  ])('shows the way through a Pass state with %s', async (_, fields, shown) => {
    const { inspectionData } = await testState({ Type: 'Pass', ...fields, End: true }, { input: INPUT, ...DEBUG });
    expect(inspectionData).toEqual({ input: INPUT, ...shown });
  });

  test('shows the way through a Task state in JSONPath', async () => {
    const mock = { result: '{"Payload":"yes","StatusCode":200}' };
    expect(await testState(PATH_TASK, { input: INPUT, mock, inspectionLevel: 'TRACE' })).toEqual({
      status: 'SUCCEEDED',
      output: { answer: 'yes' },
      nextState: 'After',
      inspectionData: {
        input: INPUT,
        afterInputPath: INPUT,
        afterParameters: { FunctionName: 'f', Payload: INPUT },
        result: { Payload: 'yes', StatusCode: 200 },
        afterResultSelector: { answer: 'yes' },
        afterResultPath: { ...INPUT, result: { answer: 'yes' } },
      },
    });
  });

  test('runs a task that is not mocked', async () => {
    const run: TaskRunner = async ({ arguments: text }) => `{"got":${text}}`;
    expect(await testState(TASK, { roleArn: ROLE }, run)).toEqual({
      status: 'SUCCEEDED',
      output: { got: TASK.Arguments },
    });
    const fail: TaskRunner = async () => {
      throw new StateFailure('Broken', 'why');
    };
    expect(await testState(TASK, { roleArn: ROLE }, fail)).toEqual({ status: 'FAILED', error: 'Broken', cause: 'why' });
  });

  test('waits as long as a Wait state does, but no longer than 5 minutes', async () => {
    expect(await testState({ Type: 'Wait', Seconds: 299, End: true })).toEqual({ status: 'SUCCEEDED', output: {} });
    expect(await testState({ Type: 'Wait', Seconds: 301, End: true })).toEqual({
      status: 'FAILED',
      error: 'States.Timeout',
    });
  });
});

describe('Retry and Catch in TestState', () => {
  const Retry = [
    { ErrorEquals: ['Other'] },
    { ErrorEquals: ['MockException'], IntervalSeconds: 1, MaxAttempts: 5, BackoffRate: 2 },
  ];
  const shown = { input: {}, afterArguments: TASK.Arguments };

  test.each([
    [0, 1],
    [4, 16],
  ])('after %i retries the next one comes in %i seconds', async (retrierRetryCount, retryBackoffIntervalSeconds) => {
    const request = { mock: { errorOutput: ERROR }, stateConfiguration: { retrierRetryCount }, ...DEBUG };
    expect(await testState({ ...TASK, Retry }, request)).toEqual({
      status: 'RETRIABLE',
      ...ERROR,
      inspectionData: { ...shown, errorDetails: { retryIndex: 1, retryBackoffIntervalSeconds } },
    });
  });

  test('when no retry is left, the error fails the state', async () => {
    const stateConfiguration = { retrierRetryCount: 5 };
    expect(await testState({ ...TASK, Retry }, { mock: { errorOutput: ERROR }, stateConfiguration, ...DEBUG })).toEqual(
      {
        status: 'FAILED',
        ...ERROR,
        inspectionData: { ...shown, errorDetails: { retryIndex: 1 } },
      },
    );
  });

  test('a caught error leads on', async () => {
    const Catch = [
      { ErrorEquals: ['Other'], Next: 'Not' },
      {
        ErrorEquals: ['States.TaskFailed'],
        Output: '{% $states.errorOutput %}',
        Assign: { caught: '{% $states.errorOutput.Error %}' },
        Next: 'Handle',
      },
    ];
    const request = { mock: { errorOutput: ERROR }, variables: { a: 1 }, ...DEBUG };
    expect(await testState({ ...TASK, Catch }, request)).toEqual({
      status: 'CAUGHT_ERROR',
      ...ERROR,
      nextState: 'Handle',
      output: { Error: ERROR.error, Cause: ERROR.cause },
      inspectionData: { ...shown, variables: { a: 1, caught: 'MockException' }, errorDetails: { catchIndex: 1 } },
    });
  });
});

describe('variables and context in TestState', () => {
  const Output = { context: '{% $states.context %}', sum: '{% $a + 1 %}' };

  test('a state without a role sees an execution of its own', async () => {
    const definition = { QueryLanguage: 'JSONata', Type: 'Pass', Output, Assign: { b: '{% $a %}' }, End: true };
    const { output, inspectionData } = await testState(definition, { input: INPUT, variables: { a: 1 }, ...DEBUG });
    expect(output).toEqual({
      context: {
        Execution: {
          Id: expect.stringMatching(/^arn:aws:states:eu-west-1:123456789012:express:[\da-f-]{36}:[\da-f-]{36}$/),
          Input: INPUT,
          Name: expect.stringMatching(/^[\da-f-]{36}$/),
          RoleArn: null,
          StartTime: '2026-11-24T12:00:00.000Z',
        },
        StateMachine: {
          Id: expect.stringMatching(/^arn:aws:states:eu-west-1:123456789012:stateMachine:[\da-f-]{36}$/),
          Name: expect.stringMatching(/^[\da-f-]{36}$/),
        },
        State: { EnteredTime: '2026-11-24T12:00:00.000Z', Name: 'StateName' },
      },
      sum: 2,
    });
    expect(inspectionData).toEqual({ input: INPUT, variables: { a: 1, b: 1 } });
  });

  test('a mocked state sees the context given, and nothing else', async () => {
    const definition = { ...TASK, Output: '{% $states.context %}' };
    const mock = { result: '1' };
    for (const context of [{}, { Execution: {}, State: {} }, { Execution: { Input: [1] }, State: { RetryCount: 2 } }]) {
      expect((await testState(definition, { mock, context })).output).toEqual(context);
    }
  });

  test('a task token can be given', async () => {
    const definition = {
      ...TASK,
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      Arguments: { token: '{% $states.context.Task.Token %}' },
    };
    const request = { mock: { result: '{}' }, context: { Task: { Token: 'abcd123' } }, ...DEBUG };
    expect((await testState(definition, request)).inspectionData).toEqual({
      input: {},
      afterArguments: { token: 'abcd123' },
      result: {},
    });
  });
});

describe('Map and Parallel in TestState', () => {
  test('the result of a Map is mocked', async () => {
    expect(await testState(MAP, { input: VALUES, mock: { result: '[1,1,1]' }, ...DEBUG })).toEqual({
      status: 'SUCCEEDED',
      output: [1, 1, 1],
      inspectionData: { input: VALUES, maxConcurrency: 0 },
    });
  });

  test('a Map in JSONPath shows its items, and what its iterations would get', async () => {
    const { ItemProcessor } = MAP;
    const definition = { Type: 'Map', ItemProcessor, ItemsPath: '$.Values', MaxConcurrency: 2, End: true };
    const ItemSelector = { 'v.$': '$$.Map.Item.Value' };
    const shown = { input: VALUES, afterInputPath: VALUES, afterItemsPath: VALUES.Values, maxConcurrency: 2 };
    const mock = { result: '[1]' };
    expect((await testState(definition, { input: VALUES, mock, ...DEBUG })).inspectionData).toEqual({
      ...shown,
      afterResultSelector: [1],
      afterResultPath: [1],
    });
    const selecting = await testState({ ...definition, ItemSelector }, { input: VALUES, mock, ...DEBUG });
    expect(selecting.inspectionData).toEqual({
      ...shown,
      afterItemSelector: [{ v: 'first' }, { v: 'second' }, { v: 'third' }],
      afterResultSelector: [1],
      afterResultPath: [1],
    });
  });

  test('more failed iterations than are tolerated fail a Map', async () => {
    const failed = (mapIterationFailureCount: number) => ({
      input: VALUES,
      mock: { result: '[0,0,1]' },
      stateConfiguration: { mapIterationFailureCount },
      ...DEBUG,
    });
    const tolerant = { ...MAP, ToleratedFailureCount: 1 };
    expect(await testState(tolerant, failed(1))).toEqual({
      status: 'SUCCEEDED',
      output: [0, 0, 1],
      inspectionData: { input: VALUES, maxConcurrency: 0, toleratedFailureCount: 1 },
    });
    expect(await testState({ ...tolerant, Retry: [{ ErrorEquals: ['States.ALL'] }] }, failed(2))).toEqual({
      status: 'RETRIABLE',
      error: 'States.ExceedToleratedFailureThreshold',
      cause: 'The specified tolerated failure threshold was exceeded',
      inspectionData: {
        input: VALUES,
        maxConcurrency: 0,
        toleratedFailureCount: 1,
        errorDetails: { retryIndex: 0, retryBackoffIntervalSeconds: 1 },
      },
    });
    expect((await testState(MAP, failed(2))).status).toBe('SUCCEEDED');
  });

  test('the error of an iteration is mocked', async () => {
    const request = {
      input: VALUES,
      mock: { errorOutput: ERROR },
      stateConfiguration: { errorCausedByState: 'HandleItem' },
      ...DEBUG,
    };
    expect(await testState(MAP, request)).toEqual({
      status: 'FAILED',
      ...ERROR,
      inspectionData: { input: VALUES, maxConcurrency: 0 },
    });
  });

  test('a state inside of a machine is found by its name', async () => {
    const definition = {
      QueryLanguage: 'JSONata',
      StartAt: 'Outer',
      States: {
        Outer: {
          ...MAP,
          ItemProcessor: {
            StartAt: 'Inner',
            States: {
              Inner: { Type: 'Pass', Output: '{% $states.context.State.Name %}', Next: 'Last' },
              Last: { Type: 'Succeed' },
            },
          },
        },
      },
    };
    expect(await testState(definition, { stateName: 'Inner' })).toEqual({
      status: 'SUCCEEDED',
      output: 'Inner',
      nextState: 'Last',
    });
  });
});

describe('TestState refuses', () => {
  const PASS = { Type: 'Pass', End: true };
  const mock = { result: '[]' };
  const PARALLEL = { Type: 'Parallel', Branches: [{ StartAt: 'P', States: { P: PASS } }], End: true };
  const notSupported =
    'InvalidDefinition: TestState API does not support Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]';

  test.each<[string, object, Request, string]>([
    [
      'a mock of a state without work',
      PASS,
      { mock },
      "ValidationException: State type 'Pass' is not supported when a mock is specified",
    ],
    ['a Map without a mock', MAP, {}, notSupported],
    ['a Parallel without a mock', PARALLEL, {}, notSupported],
    [
      'a .sync task without a mock',
      { ...TASK, Resource: 'arn:aws:states:::states:startExecution.sync:2' },
      { roleArn: ROLE },
      "InvalidDefinition: TestState API does not support the resource 'arn:aws:states:::states:startExecution.sync:2' unless a mock is specified",
    ],
    ['a task without a role', TASK, {}, 'ValidationException: RoleArn must be specified when testing a Task state'],
    [
      'a result and an error',
      TASK,
      { mock: { result: '1', errorOutput: ERROR } },
      'ValidationException: A test mock should have only one of the following fields: [result, errorOutput].',
    ],
    [
      'secrets of a mock',
      TASK,
      { mock, revealSecrets: true },
      'ValidationException: TestState does not support RevealSecrets when a mock is specified.',
    ],
    [
      'secrets',
      PASS,
      { revealSecrets: true },
      'AccessDeniedException: There are no connections here whose secrets could be revealed',
    ],
    [
      'the result of a Map that is no array',
      MAP,
      { mock: { result: '{}' } },
      'ValidationException: Mocked result must be an array.',
    ],
    [
      'the result of a Parallel that is no array',
      PARALLEL,
      { mock: { result: '{}' } },
      'ValidationException: Mocked result must be an array.',
    ],
    [
      'a result for each of other branches',
      PARALLEL,
      { mock },
      'ValidationException: Mocked result must contain the same number of items as number of Parallel branches.',
    ],
    [
      'a result that is no JSON',
      TASK,
      { mock: { result: '{' } },
      'ValidationException: Mocked result must be valid JSON',
    ],
    [
      'a context without a mock',
      PASS,
      { context: {} },
      'ValidationException: Context can only be specified together with a mock',
    ],
    [
      'a context with a token for a task that waits for none',
      TASK,
      { mock, context: { Task: { Token: 'x' } } },
      "ValidationException: Invalid Context object provided: Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern",
    ],
    [
      'a context of another type',
      TASK,
      { mock, context: { Execution: { Id: 1 } } },
      'ValidationException: Invalid Context object provided: Execution.Id must be a string',
    ],
    [
      'an item in the context',
      TASK,
      { mock, context: { Map: {} } },
      "ValidationException: Invalid Context object provided: 'Map' field is not supported when mocking a Context object",
    ],
    [
      'an unknown field of the context',
      TASK,
      { mock, context: { State: { pokemon: 1 } } },
      "ValidationException: Invalid Context object provided: Field 'pokemon' is not allowed",
    ],
    [
      'variables that are no object',
      PASS,
      { variables: [] },
      'ValidationException: Variables must be a valid JSON object',
    ],
    [
      'a state that is not there',
      { StartAt: 'P', States: { P: PASS } },
      { stateName: 'Q' },
      'ValidationException: State not found in definition',
    ],
    [
      'a state machine without the name of a state',
      { StartAt: 'P', States: { P: PASS } },
      {},
      "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: The state type 'undefined' is not supported at /'",
    ],
  ])('%s', async (_, definition, request, message) => {
    expect(await refused(definition, request)).toBe(message);
  });

  test('an input that is no JSON', async () => {
    const { sfn } = await startServer();
    expect(await refusal(sfn.testState({ definition: JSON.stringify(PASS), input: '{' }))).toBe(
      "InvalidExecutionInput: Invalid State Machine Execution Input: 'Unexpected end-of-input'",
    );
  });
});

test('TestState is reached with the prefix that the SDK gives it, and stores nothing', async () => {
  const { url, sfn } = await startServer({ clock: createManualClock(START) });
  const body = JSON.stringify({ definition: '{"Type":"Succeed"}' });
  const sent = await post(url, 'AWSStepFunctions.TestState', body, { host: 'sync-127.0.0.1:8083' });
  expect(sent).toEqual([200, { status: 'SUCCEEDED', output: '{}' }]);
  expect(await answer(sfn.listStateMachines())).toEqual({ stateMachines: [] });
  expect(await refusal(sfn.listExecutions({ stateMachineArn: MACHINE }))).toContain('StateMachineDoesNotExist');
});
