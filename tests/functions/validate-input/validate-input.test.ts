import { describe, expect, test } from '@jest/globals';
import { InvalidInputError, S3UnavailableError } from '../../../functions/shared/errors.ts';
import { MOST_REQUEST_BYTES } from '../../../functions/shared/payload-limits.ts';
import { DEPLOYED, HAIKU_3, HAIKU_4, HAIKU_5, problemsOf, setUp } from './set-up.ts';

describe('an input that keeps the contract', () => {
  test('of a prompt alone gets every default', async () => {
    expect(await setUp().validate({ prompt: 'Tell me a joke' })).toEqual({
      requestId: 'run-1',
      prompt: 'Tell me a joke',
      messages: [],
      modelIds: [HAIKU_5, HAIKU_4],
      inferenceConfig: { maxTokens: 4_096 },
      metadata: {},
    });
  });

  test('of every field passes unchanged', async () => {
    const input = {
      requestId: 'order-7:b_2.c',
      prompt: ' And one more? ',
      system: 'Be brief.',
      messages: [
        { role: 'user', content: 'Tell me a joke' },
        { role: 'assistant', content: 'No.' },
      ],
      modelIds: [HAIKU_4],
      inferenceConfig: { maxTokens: 64_000, temperature: 0, topP: 1, stopSequences: ['END'] },
      metadata: { team: 'platform', 'cost centre': '4711', empty: '' },
    };
    expect(await setUp().validate(input)).toEqual(input);
  });

  describe('and a deployment with defaults', () => {
    const inferenceConfig = { maxTokens: 200, temperature: 0.5, stopSequences: ['END'] };
    const { validate } = setUp({ defaults: { systemPrompt: 'Be brief.', inferenceConfig } });

    test('gets those that it does not set', async () => {
      const request = await validate({ prompt: 'x' });
      expect(request).toMatchObject({ system: 'Be brief.', inferenceConfig });
      const own = await validate({ prompt: 'x', inferenceConfig: { stopSequences: ['STOP'] } });
      expect(own.inferenceConfig).toEqual({ ...inferenceConfig, stopSequences: ['STOP'] });
    });

    test('overrides each, and with topP the temperature too, as models take one of them', async () => {
      const asked = { maxTokens: 10, topP: 0.9, stopSequences: [] };
      const request = await validate({ prompt: 'x', system: 'Be loud.', inferenceConfig: asked });
      expect(request).toMatchObject({ system: 'Be loud.' });
      expect(request.inferenceConfig).toEqual(asked);
    });
  });

  test('may ask for more tokens than one model of its chain has, while another has them', async () => {
    const { inferenceConfig } = await setUp().validate({ prompt: 'x', inferenceConfig: { maxTokens: 128_000 } });
    expect(inferenceConfig).toEqual({ maxTokens: 128_000 });
  });

  test('may name a model until the day of its end of life', async () => {
    const { modelIds } = await setUp({ now: '2026-06-18T23:59:59Z', deployedModelIds: [HAIKU_3] }).validate({
      prompt: 'x',
      modelIds: [HAIKU_3],
    });
    expect(modelIds).toEqual([HAIKU_3]);
  });
});

describe('the log', () => {
  test('has the prompt once', async () => {
    const { log, validate } = setUp();
    await validate({ prompt: 'Tell me a joke', requestId: 'r-1', modelIds: [HAIKU_4] });
    const fields = { executionId: 'arn:1', requestId: 'r-1', modelIds: [HAIKU_4], prompt: 'Tell me a joke' };
    expect(log.lines).toEqual([['info', 'prompt_received', fields]]);
  });

  test('has only the length of the prompt where content is hidden', async () => {
    const { log, validate } = setUp({ logContent: false });
    await validate({ prompt: 'Tell me a joke', modelIds: [HAIKU_4] });
    const fields = { executionId: 'arn:1', requestId: 'run-1', modelIds: [HAIKU_4], promptCharacters: 14 };
    expect(log.lines).toEqual([['info', 'prompt_received', fields]]);
  });

  test('has the problems of a rejected input', async () => {
    const { log, validate } = setUp();
    await expect(validate({ prompt: '' })).rejects.toThrow('prompt: found a string of 0 characters, allowed is text');
    const problems = ['prompt: found a string of 0 characters, allowed is text'];
    expect(log.lines).toEqual([['warn', 'input_rejected', { executionId: 'arn:1', requestId: 'run-1', problems }]]);
  });
});

test('every problem is in the message, one a field', async () => {
  const { validate } = setUp();
  await expect(validate({ prompt: '   ', modelIds: [HAIKU_3], inferenceConfig: { temperature: 3 } })).rejects.toThrow(
    new InvalidInputError([
      'prompt: found a string of 3 characters with only white space, allowed is text',
      `modelIds[0]: found "${HAIKU_3}", which reached its end of life on 2026-06-19 (use ${HAIKU_5} instead), ` +
        `allowed is ${DEPLOYED}`,
      'inferenceConfig.temperature: found 3, allowed is a number from 0 to 1',
    ]),
  );
});

test('no more than 50 problems are told, and how many more there are', async () => {
  const problems = await problemsOf({ prompt: 'x', modelIds: [HAIKU_5], messages: Array(60).fill(1) });
  expect(problems).toHaveLength(51);
  expect(problems.at(-1)).toBe('and 10 more problems');
});

describe('a request', () => {
  /** The JSON of a request whose prompt has `extra` bytes more than fill the limit. */
  async function promptFor(extra: number): Promise<string> {
    const empty = JSON.stringify(await setUp().validate({ prompt: 'x' })).length - 1;
    return 'x'.repeat(MOST_REQUEST_BYTES - empty + extra);
  }

  test('of 200 KiB is accepted', async () => {
    const request = await setUp().validate({ prompt: await promptFor(0) });
    expect(JSON.stringify(request)).toHaveLength(204_800);
  });

  test('of one byte more is rejected with what was found and what is allowed', async () => {
    expect(await problemsOf({ prompt: await promptFor(1) })).toEqual([
      'request: found 204801 bytes of JSON in UTF-8, allowed is at most 204800; a longer prompt goes to S3, as promptUri',
    ]);
  });

  test('is measured in bytes, not in characters, and beside other problems', async () => {
    expect(await problemsOf({ prompt: 'ü'.repeat(110_000), system: '' })).toEqual([
      'system: found a string of 0 characters, allowed is text',
      'request: found 220025 bytes of JSON in UTF-8, allowed is at most 204800; a longer prompt goes to S3, as promptUri',
    ]);
  });
});

describe('a prompt in S3', () => {
  const promptUri = 's3://payloads/prompts/a/b.txt';

  test('is accepted where it may lie, passed on by its URI and never read', async () => {
    const { log, validate } = setUp({ objects: { [promptUri]: 'x'.repeat(8_000_000) } });
    const request = await validate({ promptUri });
    expect([request.promptUri, 'prompt' in request]).toEqual([promptUri, false]);
    const modelIds = [HAIKU_5, HAIKU_4];
    expect(log.lines).toEqual([
      ['info', 'prompt_received', { executionId: 'arn:1', requestId: 'run-1', modelIds, promptUri }],
    ]);
  });

  test('is refused beside a prompt, and where the deployment names no bucket', async () => {
    expect(await problemsOf({ promptUri, prompt: 'hi' })).toEqual([
      'promptUri: found one beside a prompt, allowed is prompt or promptUri, not both',
    ]);
    expect(await problemsOf({ promptUri }, { promptLocations: [] })).toEqual([
      `promptUri: found "${promptUri}", allowed is the s3://BUCKET/KEY of an object, its beginning one of none, as this ` +
        'deployment names no bucket',
    ]);
  });

  test('fails as S3 does', async () => {
    const objects = { [promptUri]: new S3UnavailableError('busy') };
    await expect(setUp({ objects }).validate({ promptUri })).rejects.toThrow(new S3UnavailableError('busy'));
  });
});
