import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { createEventBus, starterMachine } from '../../cli/event-bus.ts';
import { LOCAL_EVENT_BUS } from '../../cli/place.ts';
import { PROMPT_SUBMITTED } from '../../statemachine/events.ts';
import { EVENTS, startEventServer } from '../local/server/event-helpers.ts';
import { ROLE } from '../local/server/helpers.ts';
import { deployed, pipelineTasks } from '../support/pipeline.ts';

/**
 * Each event that is wrong, or unusual, on the bus with the deployed rule, starter and pipeline: the pipeline's execution,
 * a message in the dead-letter queue, or nothing, as no rule matches. One that comes twice is in starter.test.ts.
 */

const PLACE = { region: 'eu-west-1', accountId: '123456789012' };
const arn = (machine: string) => `arn:aws:states:eu-west-1:123456789012:stateMachine:${machine}`;
const FIELDS = 'one of prompt, promptUri, requestId, system, messages, modelIds, inferenceConfig, metadata';

/** Bedrock's answer to every prompt. */
function answeringClient(): BedrockRuntimeClient {
  const client = new BedrockRuntimeClient({ region: 'us-east-1', maxAttempts: 1 });
  mockClient(client)
    .on(ConverseCommand)
    .resolves({
      output: { message: { role: 'assistant', content: [{ text: 'An answer.' }] } },
      stopReason: 'end_turn',
      usage: { inputTokens: 10, outputTokens: 20, totalTokens: 30 },
      metrics: { latencyMs: 400 },
    });
  return client;
}

/** `pipeline` false leaves it out: then nothing can be started. */
async function serve({ pipeline = true } = {}) {
  const server = await startEventServer({ runTask: pipelineTasks(answeringClient()) });
  const definition = JSON.stringify(deployed());
  if (pipeline) await server.sfn.createStateMachine({ name: 'pipeline', definition, roleArn: ROLE });
  await server.sfn.createStateMachine(starterMachine(PLACE));
  await createEventBus(server.url, PLACE);
  const submit = async (detail: object | string, more: object = {}): Promise<string> => {
    const Detail = typeof detail === 'string' ? detail : JSON.stringify(detail);
    const { source: Source, detailType: DetailType } = PROMPT_SUBMITTED;
    const { Entries: [entry] = [] } = await server.events.putEvents({
      Entries: [{ EventBusName: LOCAL_EVENT_BUS, Source, DetailType, Detail, ...more }],
    });
    return entry?.EventId ?? `${entry?.ErrorCode}: ${entry?.ErrorMessage}`;
  };
  return {
    ...server,
    submit,
    /** The event as its execution ends; one event a server. */
    async run(detail: object | string, more: object = {}) {
      const id = await submit(detail, more);
      const [execution] = await server.ended(1, arn('pipeline'));
      const { status, error, cause, output = '{}' } = execution ?? {};
      const { requestId, response } = JSON.parse(output);
      const end = status === 'SUCCEEDED' ? { requestId, response } : { error, cause };
      return { isNamedByEvent: execution?.name === id, end };
    },
    /** The first message of the dead-letter queue, once it is there. */
    async undelivered() {
      const prefix = 'Message in queue pipeline-undelivered: ';
      for (;;) {
        const line = server.reported.find((text) => text.startsWith(prefix));
        if (line) return JSON.parse(line.slice(prefix.length)) as { Body: string; MessageAttributes: object };
        await server.sfn.listStateMachines({});
      }
    },
    started: async () => (await server.sfn.listExecutions({ stateMachineArn: arn('pipeline') })).executions ?? [],
  };
}

describe('an execution fails, as an event has nobody to refuse it to', () => {
  test.each<[string, object | string, string]>([
    ['no prompt', {}, 'prompt: found nothing, allowed is text, or promptUri in its place'],
    ['a prompt that is no text', { prompt: ['Hi'] }, 'prompt: found an array of 1 element, allowed is text'],
    [
      'half a surrogate pair',
      '{"prompt":"\\ud83d"}',
      'prompt: found a string of 1 character with a lone surrogate, allowed is text',
    ],
    [
      'the whole event as detail',
      { source: 'x', detail: { prompt: 'Hi' } },
      `source: found an unknown field, allowed is ${FIELDS}; detail: found an unknown field, allowed is ${FIELDS}; prompt: found nothing, allowed is text, or promptUri in its place`,
    ],
    [
      'a request id of its own that is wrong',
      { prompt: 'Hi', requestId: 'a b' },
      'requestId: found "a b", allowed is 1 to 80 characters out of letters, digits and ._:-',
    ],
    [
      'metadata that is no map',
      { prompt: 'Hi', metadata: 'team' },
      'metadata: found "team", allowed is an object of at most 16 texts',
    ],
    [
      'metadata that is no text',
      { prompt: 'Hi', metadata: { team: { name: 'x' } } },
      'metadata.team: found an object of 1 field, allowed is at most 256 characters out of letters, digits, white space and :_@$#=/+,.-',
    ],
    [
      'a model that is not deployed',
      { prompt: 'Hi', modelIds: ['us.anthropic.claude-haiku-5-5'] },
      'modelIds[0]: found "us.anthropic.claude-haiku-5-5", which is not deployed, allowed is global.anthropic.claude-haiku-5-5 or global.anthropic.claude-haiku-4-5-20251001-v1:0',
    ],
    [
      'a prompt elsewhere',
      { promptUri: 's3://theirs/a.txt' },
      'promptUri: found "s3://theirs/a.txt", allowed is the s3://BUCKET/KEY of an object, its beginning one of none, as this deployment names no bucket',
    ],
    [
      'a prompt over 200 KiB',
      { prompt: 'x'.repeat(210_000) },
      'request: found 210228 bytes of JSON in UTF-8, allowed is at most 204800; a longer prompt goes to S3, as promptUri',
    ],
    [
      'a prompt as large as the starter takes',
      { prompt: 'x'.repeat(257_900) },
      'request: found 258128 bytes of JSON in UTF-8, allowed is at most 204800; a longer prompt goes to S3, as promptUri',
    ],
  ])('with %s', async (_, detail, problem) => {
    const { run } = await serve();
    expect(await run(detail)).toEqual({
      isNamedByEvent: true,
      end: { error: 'InvalidInputError', cause: `InvalidInputError: ${problem}` },
    });
  });
});

describe('an execution answers', () => {
  test.each<[string, object, object]>([
    [
      'with resources, a trace header and a time of its own, which say nothing to it',
      {},
      { Resources: ['arn:aws:s3:::b'], TraceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793', Time: new Date(0) },
    ],
    ['that names the bus by its ARN', {}, { EventBusName: `${EVENTS}:event-bus/${LOCAL_EVENT_BUS}` }],
  ])('an event %s', async (_, detail, more) => {
    const { run } = await serve();
    const { isNamedByEvent, end } = await run({ prompt: 'Hi', ...detail }, more);
    expect([isNamedByEvent, end]).toEqual([true, { requestId: expect.any(String), response: 'An answer.' }]);
  });

  test('an event with a request id of its own, under that and in the execution of the event', async () => {
    const { run } = await serve();
    expect(await run({ prompt: 'Hi', requestId: 'order-7' })).toEqual({
      isNamedByEvent: true,
      end: { requestId: 'order-7', response: 'An answer.' },
    });
  });
});

test.each([
  ['a text', 'Hi'],
  ['a JSON text', '"Hi"'],
  ['a list', '[{"prompt":"Hi"}]'],
  ['null', 'null'],
  ['half of an object', '{"prompt":"Hi"'],
])('EventBridge takes no detail that is %s', async (_, detail) => {
  const { submit, started } = await serve();
  expect(await submit(detail)).toBe('MalformedDetail: Detail is malformed.');
  expect(await started()).toEqual([]);
});

test.each([
  ['another detail-type', { DetailType: 'PromptSent' }],
  ['another case of the detail-type', { DetailType: 'promptSubmitted' }],
  ['the source of the pipeline itself', { Source: 'orchestrated-bedrock-pipeline' }],
  ['no end of the source', { Source: 'orchestrated-bedrock-pipeline.client.web' }],
  ['another bus', { EventBusName: 'default' }],
])('no rule matches an event with %s', async (_, more) => {
  const { submit, run, started, reported } = await serve();
  await submit({ prompt: 'Hi' }, more);
  // What comes after it is through, so it is not on its way.
  expect(await run({ prompt: 'Hi' })).toMatchObject({ isNamedByEvent: true });
  expect([(await started()).length, reported]).toEqual([1, []]);
});

describe('the dead-letter queue', () => {
  /** From the first size that does not start an execution on, at whichever place it fails. */
  test.each([258_000, 262_050, 262_144, 1_000_000])('keeps an event with a detail of %i bytes', async (bytes) => {
    const { submit, undelivered, started } = await serve();
    const id = await submit({ prompt: 'x'.repeat(bytes - '{"prompt":""}'.length) });
    const { Body, MessageAttributes } = await undelivered();
    const { id: kept, detail } = JSON.parse(Body);
    expect([kept, detail.prompt.length]).toEqual([id, bytes - 13]);
    expect(MessageAttributes).toEqual({
      RULE_ARN: `${EVENTS}:rule/pipeline/pipeline-prompts`,
      TARGET_ARN: arn('pipeline-starter'),
      ERROR_CODE: 'ValidationException',
      ERROR_MESSAGE:
        "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or " +
        'equal to 262144',
      RETRY_ATTEMPTS: '0',
    });
    expect(await started()).toEqual([]);
  });

  test('keeps the largest event that the starter takes, when it cannot start an execution', async () => {
    const { submit, undelivered } = await serve({ pipeline: false });
    const detail = { prompt: 'x'.repeat(257_900) };
    const eventId = await submit(detail);
    const { Body, MessageAttributes } = await undelivered();
    expect(JSON.parse(Body)).toEqual({ eventId, input: detail });
    expect(MessageAttributes).toEqual({
      ERROR_CODE: 'StepFunctions.StateMachineDoesNotExistException',
      ERROR_MESSAGE: expect.stringMatching(`^State Machine Does Not Exist: '${arn('pipeline')}' `),
    });
  });

  test('keeps what somebody gives to the starter that is no event', async () => {
    const { sfn, undelivered } = await serve();
    const { error } = await sfn.startSyncExecution({ stateMachineArn: arn('pipeline-starter'), input: '{}' });
    const { Body, MessageAttributes } = await undelivered();
    expect([Body, MessageAttributes]).toEqual(['{}', { ERROR_CODE: error, ERROR_MESSAGE: expect.any(String) }]);
    expect(error).toBe('States.QueryEvaluationError');
  });
});
