import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ask, clientOf, HAIKU_4_5, HAIKU_5_5, type Running, start, stopAll, UNCACHED } from './helpers.ts';

let standIn: Running;
beforeAll(async () => {
  standIn = await start();
});
afterAll(stopAll);

const NO_THINKING = { additionalModelRequestFields: { thinking: { type: 'disabled' } } };
const REASONING = '[stand-in] A real model would reason here. I only looked at the words of the prompt.';

async function textOf(command: ReturnType<typeof ask>): Promise<string | undefined> {
  const { output } = await standIn.client.send(command);
  return output?.message?.content?.find(({ text }) => text !== undefined)?.text;
}

describe('an answer', () => {
  test('has the shape of Converse, says that it is a stand-in and depends on the prompt', async () => {
    const { $metadata, ...body } = await standIn.client.send(ask('Tell me a joke'));
    expect($metadata).toMatchObject({ httpStatusCode: 200, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    const text =
      '[stand-in, no model was asked] Why did the Lambda function bring a blanket? It was afraid of another cold start.';
    expect(body).toEqual({
      output: { message: { role: 'assistant', content: [{ text }] } },
      stopReason: 'end_turn',
      usage: { inputTokens: 4, outputTokens: 28, totalTokens: 32, ...UNCACHED },
      metrics: { latencyMs: 0 },
    });
  });

  test('is the same for the same request and another for another prompt', async () => {
    const first = await textOf(ask('Tell me a joke'));
    expect(await textOf(ask('Tell me a joke'))).toBe(first);
    expect(await textOf(ask('Tell me a joke, please'))).not.toBe(first);
  });

  test('repeats the beginning of a prompt that asks for no joke', async () => {
    expect(await textOf(ask('Name the  planets\nof the solar system, from the nearest to the sun outwards.'))).toBe(
      '[stand-in, no model was asked] Your prompt of 14 words arrived whole: "Name the planets of the solar system, from the nearest to th…". A real model would answer it; I can only tell you that it got through.',
    );
  });

  test('greets back', async () => {
    expect(await textOf(ask('hi'))).toBe(
      '[stand-in, no model was asked] Hello! I stand in for a model on this machine. Ask me for a joke, or send the prompt you have in mind.',
    );
  });

  test('acknowledges the system prompt and the earlier turns', async () => {
    const command = ask('', {
      system: [{ text: 'Answer in French.' }],
      messages: [
        { role: 'user', content: [{ text: 'Who are you?' }] },
        { role: 'assistant', content: [{ text: 'A stand-in.' }] },
        { role: 'user', content: [{ text: 'Really?' }] },
      ],
    });
    expect(await textOf(command)).toBe(
      '[stand-in, no model was asked] Your prompt of 1 word arrived whole: "Really?". A real model would answer it; I can only tell you that it got through. (It came with a system prompt of 3 words and 2 earlier turns.)',
    );
  });

  test('is about the last user message when the conversation ends with a prefill', async () => {
    const messages = [
      { role: 'user' as const, content: [{ text: 'hello' }] },
      { role: 'assistant' as const, content: [{ text: 'Well' }] },
    ];
    expect(await textOf(ask('', { messages }))).toBe(
      '[stand-in, no model was asked] Hello! I stand in for a model on this machine. Ask me for a joke, or send the prompt you have in mind. (It came with 1 earlier turn.)',
    );
  });

  test('passes over content that is no text', async () => {
    const image = { image: { format: 'png' as const, source: { bytes: new Uint8Array([1, 2, 3]) } } };
    const { usage } = await standIn.client.send(
      ask('', { messages: [{ role: 'user', content: [image, { text: 'What is this?' }] }] }),
    );
    expect(usage?.inputTokens).toBe(4);
  });

  test('measures its latency with the given clock', async () => {
    let now = Date.parse('2026-11-24T12:00:00Z');
    const slow = await start({ now: () => (now += 40) });
    const { metrics } = await slow.client.send(ask('hi'));
    expect(metrics).toEqual({ latencyMs: 40 });
  });

  test('is reached through the standard endpoint variable', async () => {
    process.env['AWS_ENDPOINT_URL_BEDROCK_RUNTIME'] = standIn.url;
    const client = clientOf(undefined);
    try {
      expect((await client.send(ask('hi'))).stopReason).toBe('end_turn');
    } finally {
      delete process.env['AWS_ENDPOINT_URL_BEDROCK_RUNTIME'];
      client.destroy();
    }
  });
});

describe('a limit', () => {
  test('maxTokens cuts the answer', async () => {
    const { output, stopReason, usage } = await standIn.client.send(ask('hi', { inferenceConfig: { maxTokens: 10 } }));
    expect(output?.message?.content).toEqual([{ text: '[stand-in, no model was asked] Hello! I ' }]);
    expect(stopReason).toBe('max_tokens');
    expect(usage).toEqual({ inputTokens: 1, outputTokens: 10, totalTokens: 11, ...UNCACHED });
  });

  test('the first stop sequence ends the answer before it', async () => {
    const command = ask('hi', { inferenceConfig: { maxTokens: 100, stopSequences: ['machine', '! I', 'absent'] } });
    const { output, stopReason, usage } = await standIn.client.send(command);
    expect(output?.message?.content).toEqual([{ text: '[stand-in, no model was asked] Hello' }]);
    expect(stopReason).toBe('stop_sequence');
    expect(usage).toEqual({ inputTokens: 1, outputTokens: 9, totalTokens: 10, ...UNCACHED });
  });

  test('a stop sequence behind the end of maxTokens does nothing', async () => {
    const command = ask('hi', { inferenceConfig: { maxTokens: 10, stopSequences: ['machine'] } });
    expect((await standIn.client.send(command)).stopReason).toBe('max_tokens');
  });

  test('a stop sequence at the very beginning leaves no text', async () => {
    const command = ask('hi', { inferenceConfig: { stopSequences: ['[stand-in'] } });
    const { output, stopReason, usage } = await standIn.client.send(command);
    expect(output?.message?.content).toEqual([]);
    expect(stopReason).toBe('stop_sequence');
    expect(usage?.outputTokens).toBe(0);
  });
});

describe('a model that thinks by default', () => {
  test('reasons before it answers, and needs about 30 % more tokens for the same text', async () => {
    const { output, stopReason, usage } = await standIn.client.send(ask('hi', { modelId: HAIKU_5_5 }));
    expect(output?.message?.content).toEqual([
      { reasoningContent: { reasoningText: { text: REASONING, signature: 'c3RhbmQtaW4=' } } },
      {
        text: '[stand-in, no model was asked] Hello! I stand in for a model on this machine. Ask me for a joke, or send the prompt you have in mind.',
      },
    ]);
    expect(stopReason).toBe('end_turn');
    expect(usage).toEqual({ inputTokens: 1, outputTokens: 72, totalTokens: 73, ...UNCACHED });
  });

  test('answers without reasoning when thinking is disabled', async () => {
    const { output, usage } = await standIn.client.send(ask('hi', { modelId: HAIKU_5_5, ...NO_THINKING }));
    expect(output?.message?.content).toHaveLength(1);
    expect(usage?.outputTokens).toBe(44);
  });

  test('has no text when maxTokens ends within the reasoning', async () => {
    const command = ask('hi', { modelId: HAIKU_5_5, inferenceConfig: { maxTokens: 5 } });
    const { output, stopReason, usage } = await standIn.client.send(command);
    expect(output?.message?.content).toEqual([
      { reasoningContent: { reasoningText: { text: '[stand-in] A re', signature: 'c3RhbmQtaW4=' } } },
    ]);
    expect(stopReason).toBe('max_tokens');
    expect(usage).toEqual({ inputTokens: 1, outputTokens: 5, totalTokens: 6, ...UNCACHED });
  });
});

test('another model reasons when it is given a thinking budget', async () => {
  const thinking = { type: 'enabled', budget_tokens: 1024 };
  const { output } = await standIn.client.send(
    ask('hi', { modelId: HAIKU_4_5, additionalModelRequestFields: { thinking } }),
  );
  expect(output?.message?.content?.[0]).toEqual({
    reasoningContent: { reasoningText: { text: REASONING, signature: 'c3RhbmQtaW4=' } },
  });
});
