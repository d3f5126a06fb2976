import { afterAll, expect, test } from '@jest/globals';
import { ask, failureOf, HAIKU_4_5, HAIKU_5_5, start, stopAll } from './helpers.ts';

afterAll(stopAll);

const throttled = (message: string) => ({ name: 'ThrottlingException', status: 429, message });
const TOO_MANY_REQUESTS = throttled('Too many requests, please wait before trying again.');
const TOO_MANY_TOKENS = throttled('Too many tokens, please wait before trying again.');

test('requests beyond the quota are throttled until time has brought more, and each model has its own', async () => {
  let now = Date.parse('2026-11-24T12:00:00Z');
  const { client } = await start({ now: () => now, quota: { requests: 2 } });
  await client.send(ask('Hi'));
  await client.send(ask('Hi'));
  expect(await failureOf(client.send(ask('Hi')))).toEqual(TOO_MANY_REQUESTS);
  await client.send(ask('Hi', { modelId: HAIKU_5_5 }));
  await client.send(ask('Hi', { modelId: HAIKU_4_5.replace('global', 'us') }));
  now += 30_000;
  await client.send(ask('Hi'));
  expect(await failureOf(client.send(ask('Hi')))).toEqual(TOO_MANY_REQUESTS);
});

test('a request that is refused for what it asks uses up nothing', async () => {
  const { client } = await start({ quota: { requests: 1 } });
  expect(await failureOf(client.send(ask(' ')))).toMatchObject({ name: 'ValidationException' });
  await client.send(ask('Hi'));
});

test('tokens are reserved while the model thinks, and what was not used is given back', async () => {
  const thoughts: (() => void)[] = [];
  const think = () => new Promise<void>((resolve) => thoughts.push(resolve));
  const { client } = await start({ quota: { tokens: 3_000 }, think });
  const inference = { inferenceConfig: { maxTokens: 2_000 } };
  const first = client.send(ask('Hi', inference));
  while (thoughts.length < 1) await new Promise(setImmediate);
  expect(await failureOf(client.send(ask('Hi', inference)))).toEqual(TOO_MANY_TOKENS);
  thoughts.pop()?.();
  const { usage } = await first;
  // 1 token of input and 34 of output: 171 of 3,000 are used.
  expect(usage).toMatchObject({ inputTokens: 1, outputTokens: 34 });
  const left = 3_000 - (1 + 34 * 5);
  const most = (maxTokens: number) => client.send(ask('Hi', { inferenceConfig: { maxTokens } }));
  expect(await failureOf(most(left))).toEqual(TOO_MANY_TOKENS);
  const second = most(left - 1);
  while (thoughts.length < 1) await new Promise(setImmediate);
  thoughts.pop()?.();
  await second;
});
