import type { ConverseCommandInput } from '@aws-sdk/client-bedrock-runtime';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ask, failureOf, HAIKU_3_5, HAIKU_4_5, HAIKU_5_5, type Running, start, stopAll } from './helpers.ts';

let standIn: Running;
beforeAll(async () => {
  standIn = await start();
});
afterAll(stopAll);

const refuse = (rest: Partial<ConverseCommandInput>) => failureOf(standIn.client.send(ask('hi', rest)));
const invalid = (message: string) => ({ name: 'ValidationException', status: 400, message });
const refusedByModel = (message: string) => invalid(`The model returned the following errors: ${message}`);
const user = (text: string) => ({ role: 'user' as const, content: [{ text }] });
const assistant = (text: string) => ({ role: 'assistant' as const, content: [{ text }] });

describe('the model id', () => {
  test.each(['anthropic.claude-nothing', 'xx.anthropic.claude-haiku-5-5', '%'])('%s is unknown', async (modelId) => {
    expect(await refuse({ modelId })).toEqual(invalid('The provided model identifier is invalid.'));
  });

  test('of a model whose end of life has passed', async () => {
    expect(await refuse({ modelId: HAIKU_3_5 })).toEqual({
      name: 'ResourceNotFoundException',
      status: 404,
      message:
        'This model version has reached the end of its life. Please refer to the AWS documentation for more details.',
    });
  });

  test('is served until the day of its end of life', async () => {
    const earlier = await start({ now: () => Date.parse('2026-06-18T23:59:59Z') });
    const { stopReason } = await earlier.client.send(ask('hi', { modelId: HAIKU_3_5 }));
    expect(stopReason).toBe('end_turn');
  });

  test('without the profile that the model needs', async () => {
    expect(await refuse({ modelId: 'anthropic.claude-haiku-5-5' })).toEqual(
      invalid(
        'Invocation of model ID anthropic.claude-haiku-5-5 with on-demand throughput isn’t supported. Retry your request with the ID or ARN of an inference profile that contains this model.',
      ),
    );
  });
});

describe('sampling parameters', () => {
  const deprecated = (name: string) => refusedByModel(`\`${name}\` is deprecated for this model.`);

  test('temperature together with topP, where the model takes one of them', async () => {
    expect(await refuse({ inferenceConfig: { temperature: 0.5, topP: 0.9 } })).toEqual(
      refusedByModel('`temperature` and `top_p` cannot both be specified for this model. Please use only one.'),
    );
  });

  test.each([{ temperature: 0.5 }, { topP: 0.9 }])('%p alone is taken there', async (inferenceConfig) => {
    expect((await standIn.client.send(ask('hi', { inferenceConfig }))).stopReason).toBe('end_turn');
  });

  test('temperature, topP and top_k, where the model takes none', async () => {
    const modelId = HAIKU_5_5;
    expect(await refuse({ modelId, inferenceConfig: { temperature: 0.5 } })).toEqual(deprecated('temperature'));
    expect(await refuse({ modelId, inferenceConfig: { topP: 0.9 } })).toEqual(deprecated('top_p'));
    expect(await refuse({ modelId, additionalModelRequestFields: { top_k: 5 } })).toEqual(deprecated('top_k'));
  });

  test('temperature 1 and topP 0.99 are taken there', async () => {
    const command = ask('hi', { modelId: HAIKU_5_5, inferenceConfig: { temperature: 1, topP: 0.99 } });
    expect((await standIn.client.send(command)).stopReason).toBe('end_turn');
  });

  test('out of range, all violations in one message', async () => {
    expect(await refuse({ inferenceConfig: { temperature: 2 } })).toEqual(
      invalid(
        "1 validation error detected: Value '2.0' at 'inferenceConfig.temperature' failed to satisfy constraint: Member must have value less than or equal to 1",
      ),
    );
    expect(await refuse({ inferenceConfig: { maxTokens: 0, topP: -0.5 } })).toEqual(
      invalid(
        "2 validation errors detected: Value '0' at 'inferenceConfig.maxTokens' failed to satisfy constraint: Member must have value greater than or equal to 1; Value '-0.5' at 'inferenceConfig.topP' failed to satisfy constraint: Member must have value greater than or equal to 0",
      ),
    );
  });
});

describe('maxTokens', () => {
  test('over the limit of the model', async () => {
    expect(await refuse({ modelId: HAIKU_4_5, inferenceConfig: { maxTokens: 64_001 } })).toEqual(
      invalid(
        'The maximum tokens you requested exceeds the model limit of 64000. Try again with a maximum tokens value that is lower than 64000.',
      ),
    );
  });
});

describe('stop sequences', () => {
  test('an empty one', async () => {
    expect(await refuse({ inferenceConfig: { stopSequences: ['a', ''] } })).toEqual(
      invalid(
        "1 validation error detected: Value '[a, ]' at 'inferenceConfig.stopSequences' failed to satisfy constraint: Member must satisfy constraint: [Member must have length greater than or equal to 1]",
      ),
    );
  });

  test('one of nothing but whitespace', async () => {
    expect(await refuse({ inferenceConfig: { stopSequences: ['\n'] } })).toEqual(
      refusedByModel('stop_sequences: each stop sequence must contain non-whitespace'),
    );
  });
});

describe('the conversation', () => {
  const mustStart =
    'A conversation must start with a user message. Try again with a conversation that starts with a user message.';
  const blank = (where: string) =>
    invalid(`The text field in the ${where} is blank. Add text to the text field, and try again.`);

  test('without messages', async () => {
    expect(await refuse({ messages: [] })).toEqual(invalid(mustStart));
    expect(await refuse({ messages: undefined })).toEqual(invalid(mustStart));
  });

  test('starting with the assistant', async () => {
    expect(await refuse({ messages: [assistant('Hello'), user('hi')] })).toEqual(invalid(mustStart));
  });

  test('with two messages of one role in a row', async () => {
    expect(await refuse({ messages: [user('hi'), user('hi?')] })).toEqual(
      invalid(
        'A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.',
      ),
    );
  });

  test('with an unknown role', async () => {
    const messages = [user('hi'), { role: 'system' as 'user', content: [{ text: 'Be brief.' }] }];
    expect(await refuse({ messages })).toEqual(
      invalid(
        "1 validation error detected: Value 'system' at 'messages.2.member.role' failed to satisfy constraint: Member must satisfy enum value set: [user, assistant]",
      ),
    );
  });

  test('with a message without role and content', async () => {
    expect(await refuse({ messages: [{ role: undefined, content: undefined }] })).toEqual(
      invalid(
        "2 validation errors detected: Value null at 'messages.1.member.role' failed to satisfy constraint: Member must not be null; Value null at 'messages.1.member.content' failed to satisfy constraint: Member must not be null",
      ),
    );
  });

  test('with a message without content blocks', async () => {
    expect(await refuse({ messages: [user('hi'), { role: 'assistant', content: [] }, user('hi')] })).toEqual(
      invalid(
        'The content field in the Message object at messages.1 is empty. Add a ContentBlock object to the content field and try again.',
      ),
    );
  });

  test.each(['', ' \n\t'])('with the blank text %j', async (text) => {
    const messages = [{ role: 'user' as const, content: [{ text: 'hi' }, { text }] }];
    expect(await refuse({ messages })).toEqual(blank('ContentBlock object at messages.0.content.1'));
    expect(await refuse({ system: [{ text }] })).toEqual(blank('SystemContentBlock object at system.0'));
  });

  test('ending with the assistant, where the model takes no prefill', async () => {
    expect(await refuse({ modelId: HAIKU_5_5, messages: [user('hi'), assistant('Well')] })).toEqual(
      refusedByModel(
        'This model does not support assistant message prefill. The conversation must end with a user message.',
      ),
    );
  });

  test('ending with a prefill that ends with whitespace', async () => {
    expect(await refuse({ messages: [user('hi'), assistant('Well ')] })).toEqual(
      refusedByModel('messages: final assistant content cannot end with trailing whitespace'),
    );
  });
});

describe('thinking', () => {
  test('with a budget, where the model decides itself', async () => {
    const thinking = { type: 'enabled', budget_tokens: 1024 };
    expect(await refuse({ modelId: HAIKU_5_5, additionalModelRequestFields: { thinking } })).toEqual(
      refusedByModel(
        '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and "output_config.effort" to control thinking behavior.',
      ),
    );
  });

  test('adaptive, where the model wants a budget', async () => {
    expect(await refuse({ additionalModelRequestFields: { thinking: { type: 'adaptive' } } })).toEqual(
      refusedByModel('adaptive thinking is not supported on this model'),
    );
  });
});
