import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { createInvokeModel } from '../../../functions/invoke-model/invoke-model.ts';
import { createBedrockClient } from '../../../functions/shared/bedrock-client.ts';
import { DEPLOYED_SIZE } from '../../../functions/shared/cost.ts';
import { InvalidInputError, S3RefusedError } from '../../../functions/shared/errors.ts';
import { MOST_RESPONSE_BYTES } from '../../../functions/shared/payload-limits.ts';
import { type MemoryObjects, memoryObjects, PAYLOAD_BUCKET } from '../../support/memory-objects.ts';
import { NO_FEATURES } from '../../support/settings.ts';
import { recordingLog } from '../recording-log.ts';
import { recordingMetrics } from '../recording-metrics.ts';
import { HAIKU_5, invokeEvent } from './events.ts';

const EXECUTION = 'arn:aws:states:us-east-1:123456789012:execution:machine:run-1';
const URI = 's3://payloads/prompts/long.txt';

function setUp({ objects = {}, text = 'Knock, knock.' }: { objects?: MemoryObjects; text?: string } = {}) {
  const client = createBedrockClient({ client: { region: 'us-east-1' } });
  const bedrock = mockClient(client);
  bedrock.on(ConverseCommand).resolves({
    output: { message: { role: 'assistant', content: [{ text }] } },
    stopReason: 'end_turn',
    usage: { inputTokens: 1_000, outputTokens: 200, totalTokens: 1_200 },
    metrics: { latencyMs: 420 },
  });
  const deps = { client, log: recordingLog(), metrics: recordingMetrics(), store: memoryObjects(objects) };
  const rest = { payloadBucket: PAYLOAD_BUCKET, logContent: true, size: DEPLOYED_SIZE, features: NO_FEATURES };
  const invoke = createInvokeModel({ ...deps, ...rest, now: () => 0 });
  return { bedrock, ...deps, invoke };
}

describe('a prompt in S3', () => {
  const ask = (objects: MemoryObjects) => {
    const { invoke, ...rest } = setUp({ objects });
    return { ...rest, answer: invoke(invokeEvent({ prompt: undefined, promptUri: URI })) };
  };

  test('is read and asked, a byte order mark aside', async () => {
    const { bedrock, answer } = ask({ [URI]: '\uFEFFTell me a jöke 😀\n' });
    await answer;
    expect(bedrock.commandCalls(ConverseCommand)[0]?.args[0].input.messages).toEqual([
      { role: 'user', content: [{ text: 'Tell me a jöke 😀\n' }] },
    ]);
  });

  test.each<[string, MemoryObjects[string] | undefined, string]>([
    ['is gone', undefined, `no object there (${URI}), allowed is an object of 1 to 8000000 bytes`],
    ['is no UTF-8', Uint8Array.of(0x68, 0xff), `bytes that are no UTF-8 (${URI}), allowed is text in UTF-8`],
  ])('that %s is the mistake of the input, and no model is asked', async (_, object, found) => {
    const { bedrock, metrics, log, answer } = ask(object === undefined ? {} : { [URI]: object });
    await expect(answer).rejects.toThrow(new InvalidInputError([`promptUri: found ${found}`]));
    expect([bedrock.calls(), metrics.values]).toEqual([[], []]);
    expect(log.lines).toEqual([
      [
        'error',
        'invocation_failed',
        {
          executionId: 'arn:1',
          requestId: 'r-1',
          modelId: HAIKU_5,
          retryCount: 0,
          error: 'InvalidInputError',
          errorMessage: `promptUri: found ${found}`,
        },
      ],
    ]);
  });

  test('fails as S3 does, and no model is asked', async () => {
    const { bedrock, metrics, answer } = ask({ [URI]: new S3RefusedError('no') });
    await expect(answer).rejects.toThrow(new S3RefusedError('no'));
    expect([bedrock.calls(), metrics.values]).toEqual([[], []]);
  });
});

describe('a long answer', () => {
  /** Quotes of JSON included, as the payload holds them. */
  const most = MOST_RESPONSE_BYTES - 2;
  const uri = `s3://payloads/responses/run-1.${HAIKU_5}.txt`;
  const answer = async (text: string, executionId = EXECUTION) => {
    const objects: MemoryObjects = {};
    const { invoke, metrics } = setUp({ objects, text });
    const result = await invoke(invokeEvent({}, { executionId }));
    return { result, objects, metrics };
  };

  test.each([
    ['one byte below', 'x'.repeat(most - 1)],
    ['at the limit', 'x'.repeat(most)],
    ['at the limit in two bytes a character', 'ü'.repeat(most / 2)],
    ['at the limit with escapes', '"'.repeat(most / 2)],
    ['at the limit with surrogates', `${'😀'.repeat(Math.floor(most / 4))}xx`],
  ])('%s is whole', async (_, text) => {
    const { result, objects } = await answer(text);
    expect(result.response === text).toBe(true);
    expect([result.responseUri, result.warnings, Object.keys(objects)]).toEqual([null, [], []]);
  });

  test.each([
    ['one byte above', 'x'.repeat(most + 1), 'x'.repeat(most)],
    ['of two bytes a character', 'ü'.repeat(most / 2 + 1), 'ü'.repeat(most / 2)],
    ['whose last character does not fit', `x${'ü'.repeat(most / 2)}`, `x${'ü'.repeat(most / 2 - 1)}`],
    ['of surrogates', '😀'.repeat(60_000), '😀'.repeat(Math.floor(most / 4))],
    ['of surrogates, at another place', `xx${'😀'.repeat(60_000)}`, `xx${'😀'.repeat((most - 2) / 4)}`],
    ['with escapes', '"'.repeat(most), '"'.repeat(most / 2)],
    ['with control characters', '\u0001'.repeat(most), '\u0001'.repeat(Math.floor(most / 6))],
  ])('%s is stored, and the response its longest first part', async (_, text, first) => {
    const { result, objects } = await answer(text);
    expect(result.response === first).toBe(true);
    expect(Buffer.byteLength(JSON.stringify(result.response))).toBeLessThanOrEqual(MOST_RESPONSE_BYTES);
    expect(Object.entries(objects).map(([name, stored]) => [name, stored === text])).toEqual([[uri, true]]);
    expect(result).toMatchObject({
      responseUri: uri,
      complete: true,
      warnings: [
        `response has the first part of the answer; the whole of its ${Buffer.byteLength(text)} bytes is at responseUri`,
      ],
    });
  });

  test.each([
    ['arn:aws:states:us-east-1:123456789012:execution:machine:..', `...${HAIKU_5}.txt`],
    ['arn:aws:states:us-east-1:123456789012:execution:machine:a/../../b', `a_.._.._b.${HAIKU_5}.txt`],
    ['arn:aws:states:us-east-1:123456789012:express:machine:name:9f1c', `name:9f1c.${HAIKU_5}.txt`],
    ['arn:aws:states:us-east-1:123456789012:execution:machine/label:9f1c', `9f1c.${HAIKU_5}.txt`],
  ])('of %s is stored beside those of other executions', async (executionId, name) => {
    const { result } = await answer('x'.repeat(most + 1), executionId);
    expect(result.responseUri).toBe(`s3://payloads/responses/${name}`);
  });

  test('that cannot be stored fails, its call counted among the metrics', async () => {
    const { invoke, metrics } = setUp({ objects: { [uri]: new S3RefusedError('no') }, text: 'x'.repeat(most + 1) });
    await expect(invoke(invokeEvent({}, { executionId: EXECUTION }))).rejects.toThrow(new S3RefusedError('no'));
    expect(metrics.values).toEqual([[HAIKU_5, expect.objectContaining({ Attempts: 1, FailedAttempts: 0 })]]);
  });
});
