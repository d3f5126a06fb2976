import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { eventSchemas } from '../../packaging/event-schemas.ts';
import { PROMPT_SUBMITTED } from '../../statemachine/events.ts';
import { type Announcement, type PipelineOptions, type Reply, runPipeline } from '../support/pipeline.ts';

const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

const SCHEMAS = 'statemachine/schemas';
const files = Object.fromEntries(readdirSync(SCHEMAS).map((file) => [file, readJson(`${SCHEMAS}/${file}`)]));

/** What is wrong with an event by the file of its detail-type; undefined for nothing. */
function problemOf(event: Readonly<Record<string, unknown>>, change: (text: string) => string = (text) => text) {
  // Ajv 8 knows no draft 4; nothing in these schemas differs from the drafts that it knows.
  const { $schema, ...schema } = files[`${event['detail-type']}.json`];
  expect($schema).toBe('http://json-schema.org/draft-04/schema#');
  const ajv = new Ajv({ strict: false });
  return ajv.validate(JSON.parse(change(JSON.stringify(schema))), event) ? undefined : ajv.errorsText();
}

const submitted = (detail: unknown) => ({
  source: PROMPT_SUBMITTED.source,
  'detail-type': PROMPT_SUBMITTED.detailType,
  detail,
});

test('the files are what the contract says; npm run schemas writes them', () => {
  const expected = Object.entries(eventSchemas()).map(([name, schema]) => [`${name}.json`, schema]);
  expect(files).toEqual(JSON.parse(JSON.stringify(Object.fromEntries(expected))));
});

describe('PromptSubmitted', () => {
  test.each(readdirSync('statemachine/inputs'))('takes the sample %s as the pipeline does', async (file) => {
    const input = readJson(`statemachine/inputs/${file}`);
    const { end } = await runPipeline(input, [{ text: 'an answer' }]);
    expect(problemOf(submitted(input)) === undefined).toBe(end.status === 'SUCCEEDED');
  });

  test.each<[string, unknown, string]>([
    ['no object', 'Hi', 'data/detail must match exactly one schema in oneOf'],
    [
      'no prompt',
      {},
      "data/detail must have required property 'prompt', data/detail must have required property 'promptUri', data/detail must match exactly one schema in oneOf",
    ],
    ['two prompts', { prompt: 'Hi', promptUri: 's3://b/k' }, 'data/detail must match exactly one schema in oneOf'],
    ['a blank prompt', { prompt: ' \n' }, 'data/detail/prompt must match pattern "\\S"'],
    ['a pointer to no S3', { promptUri: 'https://b/k' }, 'data/detail/promptUri must match pattern "^s3:\\/\\/"'],
    ['another field', { prompt: 'Hi', model: 'x' }, 'data/detail must NOT have additional properties'],
    [
      'a wrong request id',
      { prompt: 'Hi', requestId: 'a b' },
      'data/detail/requestId must match pattern "^[A-Za-z0-9._:-]{1,80}$"',
    ],
    [
      'another role',
      { prompt: 'Hi', messages: [{ role: 'system', content: 'x' }] },
      'data/detail/messages/0/role must be equal to one of the allowed values',
    ],
    ['no model', { prompt: 'Hi', modelIds: [] }, 'data/detail/modelIds must NOT have fewer than 1 items'],
    [
      'a part of a token',
      { prompt: 'Hi', inferenceConfig: { maxTokens: 0.5 } },
      'data/detail/inferenceConfig/maxTokens must be integer',
    ],
    [
      'no token',
      { prompt: 'Hi', inferenceConfig: { maxTokens: 0 } },
      'data/detail/inferenceConfig/maxTokens must be >= 1',
    ],
    [
      'too high a temperature',
      { prompt: 'Hi', inferenceConfig: { temperature: 3 } },
      'data/detail/inferenceConfig/temperature must be <= 1',
    ],
    ['metadata that is no text', { prompt: 'Hi', metadata: { a: 1 } }, 'data/detail/metadata/a must be string'],
    [
      'metadata of another name',
      { prompt: 'Hi', metadata: { ü: 'x' } },
      'data/detail/metadata must NOT have additional properties',
    ],
    [
      'too much metadata',
      { prompt: 'Hi', metadata: Object.fromEntries([...'abcdefghijklmnopq'].map((name) => [name, 'x'])) },
      'data/detail/metadata must NOT have more than 16 properties',
    ],
  ])('refuses %s, as the pipeline does', async (_, detail, problem) => {
    expect(problemOf(submitted(detail))).toBe(problem);
    expect((await runPipeline(detail, [])).end.error).toBe('InvalidInputError');
  });

  test.each([
    ['turns that do not alternate', { prompt: 'Hi', messages: [{ role: 'user', content: 'x' }] }],
    ['models, as another deployment may have them', { prompt: 'Hi', modelIds: ['us.anthropic.claude-haiku-5-5'] }],
    ['half a surrogate pair', { prompt: '\ud800' }],
  ])('takes what no JSON Schema tells: %s', (_, detail) => {
    expect(problemOf(submitted(detail))).toBeUndefined();
  });
});

describe('what is announced keeps its schema, which names every field of it', () => {
  const usage = { inputTokens: 1, outputTokens: 2, totalTokens: 9, cacheReadInputTokens: 2, cacheWriteInputTokens: 4 };

  test.each<[string, unknown, Reply[], PipelineOptions]>([
    ['an answer', { prompt: 'Hi', metadata: { team: 'a' } }, [{ text: 'x', usage }], {}],
    ['an answer that may not leave', { prompt: 'Hi' }, [{ text: 'x' }], { announceContent: false }],
    ['an answer that fits no payload', { prompt: 'Hi' }, [{ text: 'x'.repeat(300_000) }], {}],
    ['an answer of the second model', { prompt: 'Hi' }, [{ error: 'ResourceNotFoundException' }, { text: 'x' }], {}],
    [
      'a failure of both models',
      { prompt: 'Hi' },
      [{ error: 'ResourceNotFoundException' }, { error: 'ValidationException' }],
      {},
    ],
    ['an input that is refused', {}, [], {}],
  ])('%s', async (_, input, replies, options) => {
    const announced: Announcement[] = [];
    await runPipeline(input, replies, { ...options, announce: (entry) => announced.push(entry) });
    const [{ Source, DetailType, Detail } = {}] = announced;
    const event = { source: Source, 'detail-type': DetailType, detail: Detail };
    expect(problemOf(event)).toBeUndefined();
    const closed = (text: string) => text.replaceAll('"additionalProperties":{}', '"additionalProperties":false');
    expect(problemOf(event, closed)).toBeUndefined();
    expect(problemOf({ ...event, detail: { ...(Detail as object), more: 1 } }, closed)).toBe(
      'data/detail must NOT have additional properties',
    );
  });
});
