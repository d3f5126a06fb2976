import { describe, expect, test } from '@jest/globals';
import validate from 'asl-validator';
import { readStarterDefinition, substitute } from '../../statemachine/definition.ts';
import { PROMPT_RULE, PROMPT_SUBMITTED } from '../../statemachine/events.ts';
import { startEventServer, TARGET } from '../local/server/event-helpers.ts';
import { executionArn, MACHINE, PASS, WAIT } from '../local/server/helpers.ts';

const STARTER = MACHINE.replace(/machine$/, 'starter');
const QUEUE_URL = 'https://sqs.eu-west-1.amazonaws.com/123456789012/undelivered';
const ID = '7bf73129-1428-4cd3-a780-95db273d1602';

const definition = substitute(readStarterDefinition(), {
  Partition: 'aws',
  PipelineStateMachineArn: MACHINE,
  DeadLetterQueueUrl: QUEUE_URL,
});

/** The starter over a pipeline; `start` runs it as EventBridge does for an event. */
async function serve(pipeline: object | undefined) {
  const server = await startEventServer();
  if (pipeline) await server.create(pipeline);
  await server.create(definition, { name: 'starter', type: 'EXPRESS' });
  const start = async (input: object) => {
    const event = JSON.stringify({ eventId: ID, input });
    const { status, output, error, cause } = await server.sfn.startSyncExecution({
      stateMachineArn: STARTER,
      input: event,
    });
    return { status, output, error, cause };
  };
  const executions = async () => (await server.sfn.listExecutions({ stateMachineArn: MACHINE })).executions ?? [];
  return { ...server, start, executions };
}

test('is accepted by asl-validator', () => {
  const { isValid, errors } = validate(definition);
  expect({ isValid, errors }).toEqual({ isValid: true, errors: [] });
});

test('has the time for every attempt of both of its tasks, which EXPRESS executions have, too', () => {
  const states = Object.values(definition.States) as {
    TimeoutSeconds?: number;
    Retry?: { MaxAttempts: number; IntervalSeconds: number }[];
  }[];
  const longest = states.map(({ TimeoutSeconds = 0, Retry = [] }) => {
    const [{ MaxAttempts, IntervalSeconds } = { MaxAttempts: 0, IntervalSeconds: 0 }] = Retry.slice(-1);
    return TimeoutSeconds * (1 + MaxAttempts) + IntervalSeconds * (2 ** MaxAttempts - 1);
  });
  expect(longest).toEqual([91, 0, 91, 0]);
  expect(definition['TimeoutSeconds']).toBe(200);
});

describe('an event', () => {
  test('starts an execution that has its id as name and its detail as input', async () => {
    const { start, sfn } = await serve(PASS);
    expect(await start({ prompt: 'Hi' })).toEqual({
      status: 'SUCCEEDED',
      output: JSON.stringify({ executionArn: executionArn(ID) }),
    });
    expect(await sfn.describeExecution({ executionArn: executionArn(ID) })).toMatchObject({ input: '{"prompt":"Hi"}' });
  });

  test.each([
    ['still runs', WAIT],
    ['has ended', PASS],
  ])('that comes twice starts one, when it %s', async (_, pipeline) => {
    const { start, executions, sfn } = await serve(pipeline);
    await start({ prompt: 'Hi' });
    if (pipeline === PASS) while ((await executions())[0]?.status === 'RUNNING');
    expect((await start({ prompt: 'Hi' })).status).toBe('SUCCEEDED');
    expect((await executions()).map(({ name }) => name)).toEqual([ID]);
    await sfn.stopExecution({ executionArn: executionArn(ID) });
  });

  test('that cannot start one is kept, with why', async () => {
    const { start, reported } = await serve(undefined);
    const end = await start({ prompt: 'Hi' });
    expect(end).toEqual({
      status: 'FAILED',
      error: 'StepFunctions.StateMachineDoesNotExistException',
      cause: expect.stringMatching(`^State Machine Does Not Exist: '${MACHINE}' `),
    });
    const [line = ''] = reported;
    const message = JSON.parse(line.replace('Message in queue undelivered: ', ''));
    expect([message.MessageAttributes, JSON.parse(message.Body)]).toEqual([
      { ERROR_CODE: end.error, ERROR_MESSAGE: end.cause },
      { eventId: ID, input: { prompt: 'Hi' } },
    ]);
  });
});

test('the rule gives the starter what it takes', async () => {
  const server = await serve(PASS);
  await server.events.putRule({ Name: 'prompts', EventPattern: JSON.stringify(PROMPT_RULE.eventPattern) });
  const { inputTransformer, retryPolicy } = PROMPT_RULE;
  const target = { ...TARGET, Arn: STARTER, InputTransformer: inputTransformer, RetryPolicy: retryPolicy };
  await server.events.putTargets({ Rule: 'prompts', Targets: [target] });
  const { source: Source, detailType: DetailType } = PROMPT_SUBMITTED;
  const Detail = JSON.stringify({ prompt: 'says "hi" <eventId>\n', metadata: {} });
  const [id = ''] = await server.putEvents({ Source, DetailType, Detail });
  const [execution] = await server.ended(1);
  expect([execution?.name, execution?.input]).toEqual([id, Detail]);
});
