import { describe, expect, test } from '@jest/globals';
import { DEPLOYED, HAIKU_3, HAIKU_4, HAIKU_5 } from '../functions/validate-input/set-up.ts';
import { executionArn, PASS, refusal, startServer } from '../local/server/helpers.ts';
import { runPipeline } from '../support/pipeline.ts';

/** Each wrong input of an execution, whoever starts it, and the cause that the execution fails with. */

/** How an execution with this input ends; no model is asked. */
const endOf = async (input: unknown) => (await runPipeline(input, [])).end;

const rejected = (...problems: string[]) => ({
  status: 'FAILED',
  error: 'InvalidInputError',
  cause: `InvalidInputError: ${problems.join('; ')}`,
});

const FIELDS = 'prompt, promptUri, requestId, system, messages, modelIds, inferenceConfig, metadata';
const EXAMPLE = 'a JSON object such as {"prompt": "Tell me a joke"}';

describe('an input that is no object', () => {
  test.each<[string, unknown]>([
    ['null', null],
    ['an array of 2 elements', [1, 2]],
    ['a string of 2 characters', 'hi'],
    ['a number', 5],
    ['a boolean', true],
  ])('is rejected as %s', async (found, input) => {
    expect(await endOf(input)).toEqual(rejected(`input: found ${found}, allowed is ${EXAMPLE}`));
  });
});

describe('a field that breaks the contract', () => {
  const turnsAlternate = "as turns alternate and the first is the user's";
  const characters = 'characters out of letters, digits, white space and :_@$#=/+,.-';
  const modelList = `a list of 1 to 10 model ids out of ${HAIKU_5}, ${HAIKU_4}`;
  const turn = (role: string) => ({ role, content: 'a' });

  test.each<[string, Record<string, unknown>, string[]]>([
    ['a missing prompt', { prompt: undefined }, ['prompt: found nothing, allowed is text, or promptUri in its place']],
    ['a prompt that is null', { prompt: null }, ['prompt: found null, allowed is text']],
    ['a prompt that is a number', { prompt: 42 }, ['prompt: found a number, allowed is text']],
    ['an empty prompt', { prompt: '' }, ['prompt: found a string of 0 characters, allowed is text']],
    [
      'lone surrogates, and no pair',
      {
        prompt: 'a\ud800',
        system: '\udfff',
        messages: [
          { role: 'user', content: '\udbff-\udc00' },
          { role: 'assistant', content: '\ud83d\ude00' },
        ],
        inferenceConfig: { stopSequences: ['\ud83d\ude00', '\udc00'] },
      },
      [
        'prompt: found a string of 2 characters with a lone surrogate, allowed is text',
        'system: found a string of 1 character with a lone surrogate, allowed is text',
        'messages[0].content: found a string of 3 characters with a lone surrogate, allowed is text',
        'inferenceConfig.stopSequences[1]: found "\\udc00" with a lone surrogate, allowed is text that is not only white space',
      ],
    ],
    [
      'a prompt of white space',
      { prompt: ' \n\t' },
      ['prompt: found a string of 3 characters with only white space, allowed is text'],
    ],
    [
      'a blank system',
      { system: ' ' },
      ['system: found a string of 1 character with only white space, allowed is text'],
    ],
    ['a system of another type', { system: ['x'] }, ['system: found an array of 1 element, allowed is text']],
    [
      'a misspelled field',
      { Prompt: 'secret', 'od d': 1 },
      [
        `Prompt: found an unknown field, allowed is one of ${FIELDS}`,
        `["od d"]: found an unknown field, allowed is one of ${FIELDS}`,
      ],
    ],
    [
      'a request id with other characters',
      { requestId: 'a b' },
      ['requestId: found "a b", allowed is 1 to 80 characters out of letters, digits and ._:-'],
    ],
    [
      'a request id that is too long, which is shown cut',
      { requestId: 'r'.repeat(101) },
      [`requestId: found "${'r'.repeat(99)}…", allowed is 1 to 80 characters out of letters, digits and ._:-`],
    ],
    [
      'messages of another type',
      { messages: 'secret' },
      ['messages: found a string of 6 characters, allowed is a list of turns'],
    ],
    [
      'turns that are malformed, all at once',
      { messages: [{ role: 'system', content: 'secret' }, 5, { role: 'user', content: ' ', name: 'secret' }] },
      [
        'messages[0].role: found a string of 6 characters, allowed is user or assistant',
        'messages[1]: found a number, allowed is an object of role and content',
        'messages[2].content: found a string of 1 character with only white space, allowed is text',
        'messages[2]: found 1 unknown field, allowed is one of role, content',
        "messages: found a user's turn at the end, allowed is the assistant's, as the prompt follows as the user's turn",
      ],
    ],
    [
      'turns that do not alternate',
      { messages: [turn('assistant'), turn('user')] },
      [
        `messages[0].role: found assistant, allowed is user, ${turnsAlternate}`,
        `messages[1].role: found user, allowed is assistant, ${turnsAlternate}`,
      ],
    ],
    [
      'turns that end with the user',
      { messages: [turn('user'), turn('assistant'), turn('user')] },
      [
        "messages: found a user's turn at the end, allowed is the assistant's, as the prompt follows as the user's turn",
      ],
    ],
    ['no model id', { modelIds: [] }, [`modelIds: found an array of 0 elements, allowed is ${modelList}`]],
    ['model ids of another type', { modelIds: HAIKU_5 }, [`modelIds: found "${HAIKU_5}", allowed is ${modelList}`]],
    ['a model id of another type', { modelIds: [5] }, [`modelIds[0]: found 5, allowed is ${DEPLOYED}`]],
    [
      'an unknown model',
      { modelIds: [HAIKU_5, 'gpt'] },
      [`modelIds[1]: found "gpt", which is not a known model, allowed is ${DEPLOYED}`],
    ],
    [
      'a model past its end of life',
      { modelIds: [HAIKU_3] },
      [
        `modelIds[0]: found "${HAIKU_3}", which reached its end of life on 2026-06-19 (use ${HAIKU_5} instead), ` +
          `allowed is ${DEPLOYED}`,
      ],
    ],
    [
      'a model that is not deployed',
      { modelIds: ['us.anthropic.claude-haiku-5-5'] },
      [`modelIds[0]: found "us.anthropic.claude-haiku-5-5", which is not deployed, allowed is ${DEPLOYED}`],
    ],
    [
      'a model named twice',
      { modelIds: [HAIKU_5, HAIKU_4, HAIKU_5] },
      [`modelIds[2]: found "${HAIKU_5}" again, allowed is each model id once`],
    ],
    [
      'inferenceConfig: null',
      { inferenceConfig: null },
      ['inferenceConfig: found null, allowed is an object of maxTokens, temperature, topP, stopSequences'],
    ],
    [
      'impossible inference parameters, all at once',
      { inferenceConfig: { maxTokens: 0.5, temperature: 3, topP: '1', stopSequences: ['', ' ', 3], topK: 2 } },
      [
        'inferenceConfig.maxTokens: found 0.5, allowed is a whole number of at least 1',
        'inferenceConfig.temperature: found 3, allowed is a number from 0 to 1',
        'inferenceConfig.topP: found "1", allowed is a number from 0 to 1',
        'inferenceConfig.stopSequences[0]: found "", allowed is text that is not only white space',
        'inferenceConfig.stopSequences[1]: found " ", allowed is text that is not only white space',
        'inferenceConfig.stopSequences[2]: found 3, allowed is text that is not only white space',
        'inferenceConfig.topK: found an unknown field, allowed is one of maxTokens, temperature, topP, stopSequences',
      ],
    ],
    [
      'maxTokens of 0',
      { inferenceConfig: { maxTokens: 0 } },
      ['inferenceConfig.maxTokens: found 0, allowed is a whole number of at least 1'],
    ],
    [
      'more tokens than any model of the deployed chain has',
      { inferenceConfig: { maxTokens: 128_001 } },
      ['inferenceConfig.maxTokens: found 128001, allowed is a whole number from 1 to 128000'],
    ],
    [
      'more tokens than any model of its own chain has, besides another problem',
      { modelIds: [HAIKU_4, 'gpt'], inferenceConfig: { maxTokens: 100_000 } },
      [
        `modelIds[1]: found "gpt", which is not a known model, allowed is ${DEPLOYED}`,
        'inferenceConfig.maxTokens: found 100000, allowed is a whole number from 1 to 64000',
      ],
    ],
    [
      'too many stop sequences',
      { inferenceConfig: { stopSequences: Array(2_501).fill('x') } },
      ['inferenceConfig.stopSequences: found an array of 2501 elements, allowed is a list of at most 2500 texts'],
    ],
    [
      'metadata of another type',
      { metadata: ['x'] },
      ['metadata: found an array of 1 element, allowed is an object of at most 16 texts'],
    ],
    [
      'metadata with a value and a name that Bedrock refuses',
      { metadata: { count: 5, name: 'é', ü: 'x' } },
      [
        `metadata.count: found 5, allowed is at most 256 ${characters}`,
        `metadata.name: found "é", allowed is at most 256 ${characters}`,
        `metadata["ü"]: found the name "ü", allowed is a name of 1 to 256 ${characters}, and not __proto__`,
      ],
    ],
    [
      'metadata with the name __proto__, which would be lost',
      { metadata: JSON.parse('{"__proto__": "a"}') },
      [
        `metadata.__proto__: found the name "__proto__", allowed is a name of 1 to 256 ${characters}, and not __proto__`,
      ],
    ],
    [
      'fields named __proto__',
      JSON.parse('{"__proto__": {"system": "x"}, "inferenceConfig": {"__proto__": {"topK": 1}}}'),
      [
        'inferenceConfig.__proto__: found an unknown field, allowed is one of maxTokens, temperature, topP, stopSequences',
        `__proto__: found an unknown field, allowed is one of ${FIELDS}`,
      ],
    ],
    [
      'too much metadata',
      { metadata: Object.fromEntries(Array.from({ length: 17 }, (_, index) => [`key${index}`, 'x'])) },
      ['metadata: found an object of 17 fields, allowed is an object of at most 16 texts'],
    ],
  ])('%s', async (_, input, problems) => {
    expect(await endOf({ prompt: 'Tell me a joke', ...input })).toEqual(rejected(...problems));
  });

  test('more than ten models are counted, and not looked at', async () => {
    expect(await endOf({ prompt: 'x', modelIds: Array(11).fill(HAIKU_5) })).toEqual(
      rejected(`modelIds: found an array of 11 elements, allowed is ${modelList}`),
    );
  });
});

/** Step Functions takes no such execution; its caller gets the error, here in the words of the local endpoint. */
test.each([
  [
    'no JSON',
    '{"prompt": }',
    "InvalidExecutionInput: Invalid State Machine Execution Input: 'Unexpected character ('}' (code 125)): expected a " +
      "valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')'",
  ],
  [
    'two texts',
    '{"prompt": "a"} {"prompt": "b"}',
    "InvalidExecutionInput: Invalid State Machine Execution Input: 'Unexpected character ('{' (code 123)): expected the " +
      "end of the text'",
  ],
  [
    'over 256 KiB',
    JSON.stringify({ prompt: 'x'.repeat(262_132) }),
    "ValidationException: 1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to 262144",
  ],
])('an input that is %s starts nothing', async (_, input, message) => {
  const { sfn, create } = await startServer();
  const { stateMachineArn } = await create(PASS);
  expect(await refusal(sfn.startExecution({ stateMachineArn, input, name: 'one' }))).toBe(message);
  expect(await refusal(sfn.describeExecution({ executionArn: executionArn('one') }))).toMatch(
    /^ExecutionDoesNotExist:/,
  );
});

test.each([
  ['a b', "InvalidName: Invalid Name: 'a b'"],
  [
    'x'.repeat(81),
    `ValidationException: 1 validation error detected: Value '${'x'.repeat(81)}' at 'name' failed to satisfy constraint: Member must have length less than or equal to 80`,
  ],
  [
    '',
    "ValidationException: 1 validation error detected: Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ],
])('an execution may not be named %j', async (name, message) => {
  const { sfn, create } = await startServer();
  const { stateMachineArn } = await create(PASS);
  expect(await refusal(sfn.startExecution({ stateMachineArn, input: '{"prompt":"Hi"}', name }))).toBe(message);
  expect((await sfn.listExecutions({ stateMachineArn })).executions).toEqual([]);
});
