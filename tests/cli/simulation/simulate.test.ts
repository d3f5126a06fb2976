import { describe, expect, test } from '@jest/globals';
import { simulate } from '../../../cli/simulation/simulate.ts';
import { DEFAULT_MODEL_IDS, findModel } from '../../../functions/shared/models.ts';
import { readDefinition, withoutAnnouncements } from '../../../statemachine/definition.ts';
import { type PipelineRun, type Reply, runPipeline } from '../../support/pipeline.ts';
import { workload } from './workloads.ts';

const [FIRST, SECOND] = DEFAULT_MODEL_IDS as [string, string];
const run = (more: Parameters<typeof workload>[0], concurrency = 1) => simulate({ ...workload(more), concurrency });

test('prompts that nothing holds up take turns in the slots', () => {
  expect(run({ prompts: 10, overheadMs: 500 }, 4)).toEqual({
    concurrency: 4,
    prompts: 10,
    answered: 10,
    failed: 0,
    answeredBy: { [FIRST]: 10, [SECOND]: 0 },
    attempts: 10,
    throttled: 0,
    // 3 rounds of 2.5 seconds.
    seconds: 7.5,
    goodputPerMinute: 80,
    attemptsPerPrompt: 1,
    failedShare: 0,
    fallbackShare: 0,
    usd: {
      // 500 tokens at $0.10 a million, 300 at $0.50.
      model: expect.closeTo(0.002, 12),
      // The start and 5 states.
      stepFunctions: expect.closeTo(0.0015, 12),
      // 3 requests and 2 seconds of 512 MB.
      lambda: expect.closeTo(10 * (3 * 0.2e-6 + 0.0000133334), 12),
      total: expect.closeTo(0.003639334, 12),
    },
  });
});

test('a prompt that no model answers is tried as often as Retry and the chain say', () => {
  // 3 calls of 2 seconds to each model, 2 seconds apart.
  expect(run({ prompts: 2, errorRate: 1 })).toMatchObject({ failed: 2, attempts: 12, seconds: 40, fallbackShare: 0 });
  const definition = readDefinition({ retries: 1, retryDelaySeconds: 5 });
  expect(run({ prompts: 1, errorRate: 1, definition })).toMatchObject({ attempts: 4, seconds: 18 });
  const models = [findModel(FIRST) ?? []].flat();
  expect(run({ prompts: 1, errorRate: 1, models })).toMatchObject({ attempts: 3, seconds: 10 });
});

test('a call without an answer ends when the request times out, and is tried again', () => {
  expect(run({ prompts: 1, timeoutRate: 1 })).toMatchObject({ failed: 1, attempts: 6, seconds: 6 * 180 + 4 * 2 });
  // As one does that would take longer than that.
  expect(run({ prompts: 1, latency: { p50: 200, p99: 200 } })).toMatchObject({
    failed: 1,
    attempts: 6,
    seconds: 1_088,
  });
});

test('an execution that takes too long fails, and its slot is free', () => {
  const definition = readDefinition({ retries: 99_999_999, executionTimeoutSeconds: 60 });
  // A call every 4 seconds, the last one cut short.
  expect(run({ prompts: 2, errorRate: 1, definition })).toMatchObject({ failed: 2, attempts: 30, seconds: 120 });
});

test('what the first model has no quota left for is answered by the next one, at its price', () => {
  // 60 a minute and 1 a second: the other calls are throttled, however often they are repeated.
  const outcome = run({ prompts: 150, quota: { requests: 60 } }, 150);
  expect(outcome.answeredBy[SECOND]).toBeGreaterThan(50);
  expect(outcome.answered + outcome.failed).toBe(150);
  const answered = outcome.answeredBy as { [FIRST]: number; [SECOND]: number };
  expect(outcome.usd.model).toBeCloseTo((answered[FIRST] ?? 0) * 0.0002 + (answered[SECOND] ?? 0) * 0.002, 9);
  // A call that Bedrock took either answers or fails.
  expect(outcome.attempts - outcome.throttled).toBe(outcome.answered);
});

test('output burns its rate: the tokens of a minute are worth as many answers', () => {
  // 500 + 300 x 5 = 2,000 tokens an answer: 100 a minute. The first 100 come from the full minute at the beginning.
  const outcome = run({ prompts: 2_000, quota: { tokens: 200_000 }, definition: readDefinition({ retries: 50 }) }, 10);
  expect(outcome.answeredBy[FIRST]).toBe(2_000);
  expect(outcome.goodputPerMinute).toBeGreaterThan(98);
  expect(outcome.goodputPerMinute).toBeLessThan(106);
});

test('the same seed gives the same run, another one a like one', () => {
  const more = { prompts: 2_000, latency: { p50: 2, p99: 9 }, errorRate: 0.1 };
  expect(run(more, 20)).toEqual(run(more, 20));
  const [one, other] = [run(more, 20), run({ ...more, seed: 2 }, 20)];
  expect(other.seconds).not.toBe(one.seconds);
  expect(Math.abs(other.seconds / one.seconds - 1)).toBeLessThan(0.05);
});

describe('state transitions are those that the pipeline itself has', () => {
  const ANSWER: Reply = { text: 'Knock, knock.' };
  const billed = ({ events }: PipelineRun): number => {
    const count = (is: (type: string) => boolean) => events.filter(({ type }) => is(type)).length;
    const retries = count((type) => type === 'TaskScheduled') - count((type) => type === 'TaskStateEntered');
    return 1 + count((type) => type.endsWith('StateEntered')) + retries;
  };
  test.each<[string, Reply[], Parameters<typeof workload>[0]]>([
    ['an answer', [ANSWER], {}],
    ['a failure of every model', Array(6).fill({ error: 'ServiceUnavailableException' }), { errorRate: 1 }],
  ])('of %s', async (_, replies, more) => {
    const { stepFunctions } = run({ prompts: 1, ...more }).usd;
    expect(stepFunctions / 0.000025).toBeCloseTo(billed(await runPipeline({ prompt: 'Hi' }, replies)), 9);
  });
  test('of a machine without announcements', () => {
    const { usd } = run({ prompts: 1, definition: withoutAnnouncements(readDefinition()) });
    expect(usd.stepFunctions).toBeCloseTo(5 * 0.000025, 12);
  });
});
