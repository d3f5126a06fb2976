import { expect, test } from '@jest/globals';
import { drawChart } from '../../../cli/simulation/chart.ts';
import { planConcurrency } from '../../../cli/simulation/plan-concurrency.ts';
import { simulate } from '../../../cli/simulation/simulate.ts';
import { workload } from './workloads.ts';

const BUSY = { prompts: 100_000, quota: { requests: 600 }, latency: { p50: 4, p99: 12 }, errorRate: 0.001 };

test('as many at a time as the quota keeps busy, and no more', () => {
  const { recommended, outcomes, mostPerMinute } = planConcurrency(workload(BUSY));
  expect(mostPerMinute).toBe(600);
  // 10 a second that stay 4.47 seconds in the mean.
  expect(recommended.concurrency).toBe(45);
  expect(recommended.goodputPerMinute / 600).toBeCloseTo(1, 1);
  expect(recommended.attemptsPerPrompt).toBeLessThan(1.05);
  expect(outcomes.map(({ concurrency }) => concurrency)).toEqual([4, 11, 22, 34, 40, 42, 45, 47, 49, 56, 67, 89, 179]);
});

test('the recommended outcome is that of all prompts, whatever sample it was chosen by', () => {
  const more = { ...BUSY, prompts: 30_000 };
  const { recommended } = planConcurrency(workload(more), { concurrencies: [30, 45] });
  expect(recommended).toEqual(simulate({ ...workload(more), concurrency: recommended.concurrency }));
});

test('beyond what is simulated time and cost grow in proportion', () => {
  // 20,000 of the prompts are.
  const { outcomes } = planConcurrency(workload({ prompts: 100_000 }), { concurrencies: [10] });
  expect(outcomes).toMatchObject([{ answered: 100_000, failed: 0, attempts: 100_000, seconds: 20_000 }]);
  expect(outcomes[0]?.goodputPerMinute).toBeCloseTo(300, 6);
  expect(outcomes[0]?.usd.model).toBeCloseTo(20, 6);
});

test('where calls fail for other reasons, that is no reason to go slower', () => {
  const { recommended } = planConcurrency(workload({ ...BUSY, prompts: 5_000, errorRate: 0.6 }), {
    concurrencies: [5, 20],
  });
  expect(recommended.concurrency).toBe(20);
});

test('of those given, the fewest that are as good', () => {
  const { recommended, outcomes } = planConcurrency(workload({ ...BUSY, prompts: 20_000 }), {
    concurrencies: [400, 30, 45, 45, 20],
  });
  expect(outcomes.map(({ concurrency }) => concurrency)).toEqual([20, 30, 45, 400]);
  expect(recommended.concurrency).toBe(45);
});

test('a quota that no request fits into is refused', () => {
  expect(() => planConcurrency(workload({ quota: { tokens: 4_000 } }))).toThrow(
    new RangeError(
      'found 4000, allowed is at least 4596: a request to global.anthropic.claude-haiku-5-5 reserves its input and the most tokens of its answer',
    ),
  );
});

test('the chart shows each concurrency in both panels, the quota and the choice', () => {
  const plan = planConcurrency(workload({ ...BUSY, prompts: 5_000 }), { concurrencies: [20, 45, 400] });
  const chart = drawChart(plan);
  const texts = [...chart.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
  expect(texts).toEqual(
    expect.arrayContaining([
      '5,000 prompts: run 45 at a time',
      'answers per minute',
      'attempts per prompt',
      "the first model's quota: 600",
      'concurrency (prompts at a time, logarithmic)',
      '20',
      '45',
      '400',
    ]),
  );
  expect([...chart.matchAll(/<circle /g)]).toHaveLength(2 * 3);
  // Nothing is drawn outside, and no number is missing.
  const places = [...chart.matchAll(/ c?[xy][12]?="([^"]*)"/g)].map(([, place]) => Number(place));
  expect(places.every((place) => place >= 0 && place <= 760)).toBe(true);
});
