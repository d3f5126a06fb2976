import { describe, expect, test } from '@jest/globals';
import {
  estimateExpressUsd,
  estimateLambdaUsd,
  estimateModelUsd,
  estimateStepFunctionsUsd,
  sumCost,
} from '../../../functions/shared/cost.ts';
import { findModel, type ModelEntry, SERVICE_TIERS } from '../../../functions/shared/models.ts';

const HAIKU_5 = 'global.anthropic.claude-haiku-5-5';
const HAIKU_4 = 'global.anthropic.claude-haiku-4-5-20251001-v1:0';

function entry(modelId: string): ModelEntry {
  const found = findModel(modelId);
  if (!found) throw new Error(`${modelId} is not in the table`);
  return found;
}

describe('tokens', () => {
  test('cost their price under the global profile, input and output apart', () => {
    expect(estimateModelUsd(entry(HAIKU_5), { inputTokens: 1_000, outputTokens: 200 })).toBeCloseTo(0.0002, 12);
    expect(estimateModelUsd(entry(HAIKU_4), { inputTokens: 1_000_000, outputTokens: 1_000_000 })).toBe(6);
  });

  test('cost more for the whole request from the first input token above 100,000', () => {
    expect(estimateModelUsd(entry(HAIKU_5), { inputTokens: 100_000, outputTokens: 0 })).toBeCloseTo(0.01, 12);
    expect(estimateModelUsd(entry(HAIKU_5), { inputTokens: 100_001, outputTokens: 1_000 })).toBeCloseTo(0.0525005, 12);
  });

  test('cost a tenth more under a geographic profile', () => {
    const usage = { inputTokens: 1_000, outputTokens: 200 };
    expect(estimateModelUsd(entry('us.anthropic.claude-haiku-5-5'), usage)).toBeCloseTo(0.00022, 12);
  });
});

describe('cached tokens', () => {
  test('cost a tenth when read and a quarter more when written, and count toward the price of the request', () => {
    const usage = { inputTokens: 1_000, outputTokens: 0, cacheReadInputTokens: 10_000, cacheWriteInputTokens: 2_000 };
    expect(estimateModelUsd(entry(HAIKU_4), usage)).toBeCloseTo((1_000 + 1_000 + 2_500) / 1e6, 12);
    const long = { inputTokens: 1, outputTokens: 0, cacheReadInputTokens: 100_000 };
    expect(estimateModelUsd(entry(HAIKU_5), long)).toBeCloseTo((10_001 * 0.5) / 1e6, 12);
  });
});

test('the priority tier costs three quarters more, the flex tier half', () => {
  const usage = { inputTokens: 1_000, outputTokens: 200 };
  const prices = SERVICE_TIERS.map((tier) => estimateModelUsd(entry(HAIKU_4), usage, tier));
  expect(prices.map((price) => Math.round(price * 1e6))).toEqual([2_000, 3_500, 1_000]);
});

test('a thousand state transitions cost 2.5 cents', () => {
  expect(estimateStepFunctionsUsd(1_000)).toBeCloseTo(0.025, 12);
});

// Example 4 of the pricing page: 64 MB are billed; its 1,000 first GB-hours cost $60.
test('an Express execution costs its request and its time, in steps of 100 ms', () => {
  expect(estimateExpressUsd(0)).toBeCloseTo(0.000_001, 15);
  const hour = 60 * 60 * 1_000;
  expect(estimateExpressUsd(16 * hour)).toBeCloseTo(0.000_001 + 0.06, 12);
  expect(estimateExpressUsd(1)).toBe(estimateExpressUsd(100));
  expect(estimateExpressUsd(4_001)).toBe(estimateExpressUsd(4_100));
});

describe('Lambda', () => {
  test('bills each call to a model, and two invocations beside them', () => {
    expect(estimateLambdaUsd(1)).toBeCloseTo(3 * 0.000_000_2, 15);
    expect(estimateLambdaUsd(8)).toBeCloseTo(10 * 0.000_000_2, 15);
  });

  test('bills begun milliseconds by memory and architecture', () => {
    const twoSeconds = (size: Parameters<typeof estimateLambdaUsd>[2]) =>
      estimateLambdaUsd(1, 1_999.5, size) - estimateLambdaUsd(1);
    expect(twoSeconds(undefined)).toBeCloseTo(0.000_013_333_4, 15);
    expect(twoSeconds({ memoryMb: 512, architecture: 'x86_64' })).toBeCloseTo(0.000_016_666_7, 15);
    expect(twoSeconds({ memoryMb: 1_024, architecture: 'arm64' })).toBeCloseTo(0.000_026_666_8, 15);
  });
});

test('the sum is that of its parts, each to a billionth of a dollar', () => {
  expect(sumCost({ modelUsd: 0.1 + 0.2, stepFunctionsUsd: 0.000_125, lambdaUsd: 0.000_000_000_4 })).toEqual({
    estimatedCostUsd: 0.300_125,
    estimatedCost: { modelUsd: 0.3, stepFunctionsUsd: 0.000_125, lambdaUsd: 0 },
  });
});
