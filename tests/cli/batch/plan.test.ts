import { describe, expect, test } from '@jest/globals';
import { planBatch } from '../../../cli/batch/plan.ts';
import { FIRST_MODEL } from '../../support/pipeline.ts';

/** A thousand prompts of 300 bytes that reserve 1,000 tokens each. */
const STAGED = {
  prompts: 1_000,
  left: 0,
  promptBytes: 300_000,
  maxTokens: 1_000_000,
  withoutMaxTokens: 0,
  invalid: 0,
  problems: [],
};

const OPTIONS = {
  rpm: undefined,
  tpm: undefined,
  concurrency: undefined,
  outputTokens: 300,
  maxTokens: undefined,
  modelId: FIRST_MODEL,
};

describe('a plan', () => {
  test('counts tokens, costs and time; without quotas it is cautious', () => {
    // 110 tokens in and 300 out: 161 millionths of a dollar; 5 transitions; 3 invocations, and 4 s of half a GB.
    const { usd, ...plan } = planBatch(STAGED, OPTIONS);
    expect(usd).toBeCloseTo(1_000 * (0.000161 + 0.000125 + 3 * 0.0000002 + 2 * 0.0000133334), 9);
    expect(plan).toEqual({
      prompts: 1_000,
      inputTokens: 110_000,
      outputTokens: 300_000,
      concurrency: 10,
      seconds: 400,
    });
  });

  test.each([
    // Each takes 4 seconds, so that 15 at a time are 225 a minute.
    [{ rpm: 225 }, 15, 267],
    // 410 tokens, and 700 more that are reserved for 4 of 60 seconds.
    [{ tpm: 456_667 }, 66, 61],
    [{ rpm: 225, tpm: 456_667 }, 15, 267],
    [{ rpm: 10 }, 1, 6_000],
    [{ rpm: 1_000_000 }, 1_000, 4],
    [{ rpm: 225, concurrency: 3 }, 3, 1_334],
  ])('under %j runs %i at a time, for %i seconds', (given, concurrency, seconds) => {
    expect(planBatch(STAGED, { ...OPTIONS, ...given })).toMatchObject({ concurrency, seconds });
  });

  test('expects no more of an answer than it may have, and the default where a prompt does not say', () => {
    expect(planBatch({ ...STAGED, maxTokens: 50_000 }, OPTIONS).outputTokens).toBe(50_000);
    const silent = { ...STAGED, maxTokens: 0, withoutMaxTokens: 1_000 };
    expect(planBatch(silent, { ...OPTIONS, outputTokens: 10_000 }).outputTokens).toBe(4_096_000);
    expect(planBatch(silent, { ...OPTIONS, maxTokens: 200 }).outputTokens).toBe(200_000);
  });
});
