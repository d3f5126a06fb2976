import type { ConverseCommandInput } from '@aws-sdk/client-bedrock-runtime';
import { afterAll, describe, expect, test } from '@jest/globals';
import { ask, failureOf, HAIKU_4_5, HAIKU_5_5, NOW, start, stopAll } from './helpers.ts';

afterAll(stopAll);

const POINT = { cachePoint: { type: 'default' } } as const;
const invalid = (message: string) => ({ name: 'ValidationException', status: 400, message });
const text = (length: number) => ({ text: 'x'.repeat(length) });

describe('the prompt cache', () => {
  async function setUp() {
    let now = NOW;
    const { client } = await start({ now: () => now });
    return {
      later: (minutes: number) => {
        now += minutes * 60_000;
      },
      usage: async (rest: Partial<ConverseCommandInput>) => {
        const { usage } = await client.send(ask('hi', { modelId: HAIKU_4_5, ...rest }));
        return [usage?.inputTokens, usage?.cacheWriteInputTokens, usage?.cacheReadInputTokens];
      },
    };
  }

  test('is written by the first request and read by the next ones, until 5 minutes after the last', async () => {
    const { later, usage } = await setUp();
    const system = [text(4 * 4_096), POINT];
    expect(await usage({ system })).toEqual([1, 4_096, 0]);
    later(4.9);
    expect(await usage({ system })).toEqual([1, 0, 4_096]);
    later(4.9);
    expect(await usage({ system })).toEqual([1, 0, 4_096]);
    later(5);
    expect(await usage({ system })).toEqual([1, 4_096, 0]);
  });

  test('keeps for an hour what asks for it, and for each model alone', async () => {
    const { later, usage } = await setUp();
    const system = [text(4 * 4_096), { cachePoint: { type: 'default', ttl: '1h' } }] as const;
    await usage({ system: [...system] });
    later(59);
    expect(await usage({ system: [...system] })).toEqual([1, 0, 4_096]);
    const [, write] = await usage({ system: [...system], modelId: HAIKU_5_5 });
    expect(write).toBeGreaterThan(4_096);
  });

  test('does not take less than the minimum of the model', async () => {
    const { usage } = await setUp();
    const system = [text(4 * 4_095), POINT];
    expect(await usage({ system })).toEqual([4_096, 0, 0]);
    expect(await usage({ system })).toEqual([4_096, 0, 0]);
  });

  test('reads up to the longest beginning that it knows and writes the rest', async () => {
    const { usage } = await setUp();
    const system = [text(4 * 4_096), POINT];
    await usage({ system });
    const messages = [
      { role: 'user' as const, content: [{ text: 'x'.repeat(399) }] },
      { role: 'assistant' as const, content: [{ text: 'x'.repeat(399) }, POINT] },
      { role: 'user' as const, content: [{ text: 'hi' }] },
    ];
    expect(await usage({ system, messages })).toEqual([1, 200, 4_096]);
    expect(await usage({ system, messages })).toEqual([1, 0, 4_296]);
  });

  test('takes 4 cache points of a request', async () => {
    const { client } = await start();
    const system = Array.from({ length: 5 }, () => [text(1), POINT]).flat();
    expect(await failureOf(client.send(ask('hi', { system })))).toEqual(
      invalid(
        'The model returned the following errors: A maximum of 4 blocks with cache_control may be provided. Found 5.',
      ),
    );
    expect((await client.send(ask('hi', { system: system.slice(2) }))).stopReason).toBe('end_turn');
  });
});

describe('a guardrail', () => {
  const guardrailConfig = { guardrailIdentifier: 'abc123', guardrailVersion: 'DRAFT' };
  const BLOCKED = '[stand-in, no model was asked] Sorry, the model cannot answer this question.';

  test('lets prompts pass, unless it is asked to intervene', async () => {
    const { client } = await start({ faults: [{ name: 'GuardrailIntervened', count: 2 }] });
    const { $metadata, ...blocked } = await client.send(ask('hi', { guardrailConfig }));
    expect(blocked).toEqual({
      output: { message: { role: 'assistant', content: [{ text: BLOCKED }] } },
      stopReason: 'guardrail_intervened',
      usage: { inputTokens: 0, outputTokens: 0, totalTokens: 0, cacheReadInputTokens: 0, cacheWriteInputTokens: 0 },
      metrics: { latencyMs: 0 },
    });
    const traced = await client.send(ask('hi', { guardrailConfig: { ...guardrailConfig, trace: 'enabled' } }));
    expect(traced.trace?.guardrail?.inputAssessment).toEqual({
      abc123: { topicPolicy: { topics: [{ name: 'Stand-in', type: 'DENY', action: 'BLOCKED' }] } },
    });
    expect((await client.send(ask('hi', { guardrailConfig }))).stopReason).toBe('end_turn');
  });

  test('must be named in full, as Bedrock names it', async () => {
    const { client } = await start();
    const refuse = (config: object) => failureOf(client.send(ask('hi', { guardrailConfig: config as never })));
    expect(await refuse({ guardrailIdentifier: 'abc123' })).toEqual(
      invalid('The provided guardrail identifier is invalid.'),
    );
    expect(await refuse({ guardrailIdentifier: 'ABC', guardrailVersion: '0', trace: 'on' })).toEqual(
      invalid(
        "3 validation errors detected: Value 'ABC' at 'guardrailConfig.guardrailIdentifier' failed to satisfy " +
          'constraint: Member must satisfy regular expression pattern: ' +
          '(|([a-z0-9]+)|(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail/[a-z0-9]+)); ' +
          "Value '0' at 'guardrailConfig.guardrailVersion' failed to satisfy constraint: Member must satisfy regular " +
          "expression pattern: (|([1-9][0-9]{0,7})|(DRAFT)); Value 'on' at 'guardrailConfig.trace' failed to satisfy " +
          'constraint: Member must satisfy enum value set: [enabled, disabled, enabled_full]',
      ),
    );
  });
});

test('a service tier is taken and told back where the model offers it', async () => {
  const { client } = await start();
  const tier = (modelId: string) => ask('hi', { modelId, serviceTier: { type: 'flex' } });
  expect((await client.send(tier(HAIKU_4_5))).serviceTier).toEqual({ type: 'flex' });
  expect(await failureOf(client.send(tier(HAIKU_5_5)))).toEqual(invalid('service tier provided is invalid'));
});

test('a cache point and a service tier of another type are refused', async () => {
  const { client } = await start();
  const point = { cachePoint: { type: 'forever', ttl: '1d' } } as never;
  expect(await failureOf(client.send(ask('hi', { system: [text(1), point] })))).toEqual(
    invalid(
      "2 validation errors detected: Value 'forever' at 'system.1.cachePoint.type' failed to satisfy constraint: Member " +
        "must satisfy enum value set: [default]; Value '1d' at 'system.1.cachePoint.ttl' failed to satisfy constraint: " +
        'Member must satisfy enum value set: [5m, 1h]',
    ),
  );
  expect(await failureOf(client.send(ask('hi', { serviceTier: { type: 5 } as never })))).toEqual({
    name: 'SerializationException',
    status: 400,
    message: 'Unexpected type at serviceTier.type: expected a string.',
  });
});
