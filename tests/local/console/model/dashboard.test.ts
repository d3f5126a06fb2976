import { expect, test } from '@jest/globals';
import { endpointSettings } from '../../../../cli/console-settings.ts';
import { summarise } from '../../../../local/console/model/dashboard.ts';
import { readOutcomes } from '../../../../local/console/model/outcomes.ts';
import type { OutcomeLines } from '../../../../local/console/settings.ts';
import { FIRST_MODEL, type Reply, runPipeline, SECOND_MODEL } from '../../../support/pipeline.ts';

const LINES = endpointSettings('pipeline').outcomes as OutcomeLines;

/** What the real functions log of one execution, at a time, under the ARN of an execution of this name. */
async function logged(name: string, at: number, replies: readonly Reply[], input: unknown = { prompt: 'Hi' }) {
  const { log } = await runPipeline(input, replies);
  return log.map(([, event, fields]) => ({
    timestamp: at,
    message: JSON.stringify({ event, ...fields, executionId: name }),
  }));
}

const failing = (error: string, times: number): Reply[] => Array(times).fill({ error });

test('a time range of executions is summed up from what the functions log', async () => {
  const events = [
    ...(await logged('before', 999, [{ text: 'Hi' }])),
    ...(await logged('answered', 1000, [{ text: 'Hi' }])),
    ...(await logged('retried', 1500, [...failing('ModelErrorException', 1), { text: 'Hi' }])),
    ...(await logged('fallback', 2000, [
      ...failing('ModelErrorException', 3),
      ...failing('ThrottlingException', 1),
      { text: 'Hi' },
    ])),
    ...(await logged('failed', 2500, failing('ModelErrorException', 6))),
    ...(await logged('denied', 3000, failing('AccessDeniedException', 1))),
    ...(await logged('invalid', 3500, [], { prompt: '' })),
    ...(await logged('after', 4000, [{ text: 'Hi' }])),
    { timestamp: 3000, message: 'no JSON' },
  ];
  const { costUsd, buckets, models, ...rest } = summarise(readOutcomes(events, LINES), 1000, 4000);
  expect(rest).toEqual({
    prompts: 6,
    answered: 3,
    failed: 3,
    successRate: 0.5,
    retries: 1 + 3 + 4,
    fallbacks: 2,
    tokensIn: 30,
    tokensOut: 60,
    latencyMs: { p50: 400, p95: 400, p99: 400 },
    errors: [
      { error: 'ModelErrorException', count: 1, executions: ['failed'] },
      { error: 'AccessDeniedException', count: 1, executions: ['denied'] },
      { error: 'InvalidInputError', count: 1, executions: ['invalid'] },
    ],
  });
  expect(models.map(({ model, answered, fallbacks }) => [model, answered, fallbacks])).toEqual(
    [
      [FIRST_MODEL, 2, 2],
      [SECOND_MODEL, 1, 0],
    ].sort(),
  );
  expect(costUsd).toBeGreaterThan(0);
  expect(buckets).toHaveLength(30);
  expect(
    buckets
      .filter(({ succeeded, failed }) => succeeded + failed > 0)
      .map(({ from, succeeded, failed }) => [from, succeeded, failed]),
  ).toEqual([
    [1000, 1, 0],
    [1500, 1, 0],
    [2000, 1, 0],
    [2500, 0, 1],
    [3000, 0, 1],
    [3500, 0, 1],
  ]);
});

test('an end that was logged twice counts once', async () => {
  const once = await logged('one', 1000, [{ text: 'Hi' }]);
  expect(summarise(readOutcomes([...once, ...once], LINES), 0, 2000).prompts).toBe(1);
});

test('a time without an execution has no rate and no latency', () => {
  expect(summarise([], 0, 1000)).toMatchObject({
    prompts: 0,
    successRate: undefined,
    latencyMs: undefined,
    errors: [],
    models: [],
  });
});
