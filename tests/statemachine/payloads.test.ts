import { describe, expect, test } from '@jest/globals';
import { S3RefusedError, S3UnavailableError } from '../../functions/shared/errors.ts';
import { MOST_REQUEST_BYTES, MOST_RESPONSE_BYTES } from '../../functions/shared/payload-limits.ts';
import type { MemoryObjects } from '../support/memory-objects.ts';
import { FIRST_MODEL, type PipelineRun, runPipeline } from '../support/pipeline.ts';
import { START } from '../support/run.ts';

/** "Maximum input or output size for a task, state, or execution" (Step Functions quotas). */
const PAYLOAD_BYTES = 262_144;

const URI = 's3://payloads/prompts/long.txt';
const RESPONSE_URI = `s3://payloads/responses/run-1.${FIRST_MODEL}.txt`;
const ANSWER = { text: 'An answer.' };

const output = ({ end }: PipelineRun) => JSON.parse(end.output ?? 'null');

/** Bytes of the largest payload in the history. */
function largestPayload({ events }: PipelineRun): number {
  const payloads = events.flatMap(({ details = {} }) => {
    const { input, output, parameters, assignedVariables } = details as Record<string, unknown>;
    return [input, output, parameters, ...Object.values(assignedVariables ?? {})];
  });
  return Math.max(...payloads.map((text) => (typeof text === 'string' ? Buffer.byteLength(text) : 0)));
}

/** Seconds from the start at which the state's task was scheduled. */
function attemptTimes({ events }: PipelineRun, state: string): number[] {
  const scheduled = events.filter(
    ({ type, details }) => type === 'TaskScheduled' && JSON.stringify(details).includes(`function:${state}`),
  );
  return scheduled.map(({ timestamp }) => (timestamp - START) / 1000);
}

describe('a prompt in S3', () => {
  test('is answered however long it is, and passes through no payload', async () => {
    const prompt = `${'ü'.repeat(3_000_000)}Why?`;
    const run = await runPipeline({ promptUri: URI }, [ANSWER], { objects: { [URI]: prompt } });
    expect(output(run)).toMatchObject({ response: 'An answer.', attempts: 1 });
    expect(largestPayload(run)).toBeLessThan(10_000);
  });

  test('is read again by each attempt and by the next model', async () => {
    const replies = [{ error: 'ModelTimeoutException' }, { error: 'ResourceNotFoundException' }, ANSWER];
    const run = await runPipeline({ promptUri: URI }, replies, { objects: { [URI]: 'Why?' } });
    expect(output(run)).toMatchObject({ attempts: 3, fallbackFrom: [{ modelId: FIRST_MODEL, attempts: 2 }] });
  });

  test('that is no text is rejected by the state that reads it, and no other model is tried', async () => {
    const run = await runPipeline({ promptUri: URI }, [], { objects: { [URI]: Uint8Array.of(0xff) } });
    expect(run.end).toEqual({
      status: 'FAILED',
      error: 'InvalidInputError',
      cause:
        `${FIRST_MODEL}: InvalidInputError after 1 attempt ` +
        `(promptUri: found bytes that are no UTF-8 (${URI}), allowed is text in UTF-8)`,
    });
    expect(run.metrics).toEqual([expect.objectContaining({ InputsRejected: 1 })]);
  });

  test.each([
    ['ValidateInput', 'S3UnavailableError', new S3UnavailableError('busy'), [0, 2, 4], 'S3UnavailableError: busy'],
    ['ValidateInput', 'S3RefusedError', new S3RefusedError('no'), [0], 'S3RefusedError: no'],
  ])('that %s cannot look at fails with %s', async (state, error, thrown, times, cause) => {
    const run = await runPipeline({ promptUri: URI }, [], { objects: { [URI]: thrown } });
    expect(run.end).toEqual({ status: 'FAILED', error, cause });
    expect(attemptTimes(run, state)).toEqual(times);
  });

  test.each([
    [new S3UnavailableError('busy'), [0, 2, 4], '3 attempts (busy)'],
    [new S3RefusedError('no'), [0], '1 attempt (no)'],
  ])('that InvokeModel cannot read fails with %s, and no other model is tried', async (thrown, times, after) => {
    const objects: MemoryObjects = { [URI]: 'Why?' };
    // It is there while ValidateInput looks, and in trouble afterwards.
    const hangs = ({ stateName }: { stateName: string }) => {
      if (stateName === 'InvokeModel') objects[URI] = thrown;
      return false;
    };
    const run = await runPipeline({ promptUri: URI }, [], { objects, hangs });
    const cause = `${FIRST_MODEL}: ${thrown.name} after ${after}`;
    expect(run.end).toEqual({ status: 'FAILED', error: thrown.name, cause });
    expect(attemptTimes(run, 'InvokeModel')).toEqual(times);
  });
});

describe('an answer', () => {
  const most = MOST_RESPONSE_BYTES - 2;

  test.each([
    ['one byte below the limit', 'x'.repeat(most - 1)],
    ['at the limit', 'x'.repeat(most)],
    ['at the limit, in several bytes a character', '€'.repeat(Math.floor(most / 3))],
  ])('%s is in the output as a whole', async (_, text) => {
    const objects: MemoryObjects = {};
    const run = await runPipeline({ prompt: 'Why?' }, [{ text }], { objects });
    expect([output(run).response === text, output(run).responseUri, objects]).toEqual([true, null, {}]);
  });

  test.each([
    ['one byte above the limit', 'x'.repeat(most + 1)],
    ['of a payload', 'x'.repeat(PAYLOAD_BYTES)],
    ['of surrogates', '😀'.repeat(300_000)],
    ['of line ends', `x${'\n'.repeat(150_000)}`],
    ['of all that a model can say', 'word '.repeat(128_000)],
  ])('%s is stored, and its first part in the output', async (_, text) => {
    const objects: MemoryObjects = {};
    const run = await runPipeline({ prompt: 'Why?' }, [{ text }], { objects });
    const { response, responseUri, warnings } = output(run);
    expect([responseUri, objects[RESPONSE_URI] === text, text.startsWith(response)]).toEqual([
      RESPONSE_URI,
      true,
      true,
    ]);
    expect(Buffer.byteLength(JSON.stringify(response))).toBeGreaterThan(MOST_RESPONSE_BYTES - 6);
    expect(warnings).toEqual([
      `response has the first part of the answer; the whole of its ${Buffer.byteLength(text)} bytes is at responseUri`,
    ]);
    expect(largestPayload(run)).toBeLessThan(PAYLOAD_BYTES);
  });

  test('fits every state with all that may stand beside it', async () => {
    const models = [FIRST_MODEL];
    const metadata = Object.fromEntries(
      Array.from({ length: 16 }, (_, index) => [`${'\u2028'.repeat(254)}${index + 10}`, '\u2028'.repeat(256)]),
    );
    const input = { prompt: 'Why?', requestId: 'r'.repeat(80), modelIds: models, metadata };
    const run = await runPipeline(input, [{ text: '\u0001'.repeat(100_000) }]);
    expect(run.end.status).toBe('SUCCEEDED');
    expect(run.events.filter(({ type }) => type === 'TaskFailed')).toEqual([]);
    expect(largestPayload(run)).toBeLessThan(PAYLOAD_BYTES);
  });

  test('that S3 does not take at once is asked for again, and fails with what S3 says', async () => {
    const text = 'x'.repeat(PAYLOAD_BYTES);
    const objects = { [RESPONSE_URI]: new S3UnavailableError('busy') };
    const run = await runPipeline({ prompt: 'Why?' }, [{ text }, { text }, { text }], { objects });
    const cause = `${FIRST_MODEL}: S3UnavailableError after 3 attempts (busy)`;
    expect(run.end).toEqual({ status: 'FAILED', error: 'S3UnavailableError', cause });
  });
});

describe('a request', () => {
  /** An input of exactly so many bytes, and the request that it becomes. */
  const inputOf = (bytes: number) => {
    const empty = Buffer.byteLength(JSON.stringify({ prompt: '' }));
    return { prompt: 'x'.repeat(bytes - empty) };
  };

  test('as large as it may be is answered', async () => {
    const empty = await runPipeline({ prompt: 'x' }, [ANSWER]);
    const { details } = empty.events.find(({ type }) => type === 'TaskStateExited') ?? {};
    const { request } = (details as { assignedVariables: Record<string, string> }).assignedVariables;
    const room = MOST_REQUEST_BYTES - Buffer.byteLength(request ?? '') + 1;
    const run = await runPipeline({ prompt: 'x'.repeat(room) }, [ANSWER]);
    expect(output(run)).toMatchObject({ response: 'An answer.' });
    const over = await runPipeline({ prompt: 'x'.repeat(room + 1) }, []);
    expect(over.end.error).toBe('InvalidInputError');
    expect(over.end.cause).toBe(
      'InvalidInputError: request: found 204801 bytes of JSON in UTF-8, allowed is at most 204800; a longer prompt goes ' +
        'to S3, as promptUri',
    );
  });

  test('that fits an execution, but not the payload of its first task, is rejected as too large', async () => {
    const run = await runPipeline(inputOf(PAYLOAD_BYTES), []);
    expect(run.end).toEqual({
      status: 'FAILED',
      error: 'InvalidInputError',
      cause:
        'InvalidInputError: request: found more JSON than a payload holds, allowed is at most 204800 bytes in UTF-8; a ' +
        'longer prompt goes to S3, as promptUri',
    });
  });
});
