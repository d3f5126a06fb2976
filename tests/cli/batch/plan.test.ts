import { describe, expect, test } from '@jest/globals';
import { planBatch } from '../../../cli/batch/plan.ts';
import { planConcurrency } from '../../../cli/simulation/plan-concurrency.ts';
import { ASSUMED, assumedLatency } from '../../../cli/simulation/workload.ts';
import { findModel, type ModelEntry } from '../../../functions/shared/models.ts';
import { readDefinition, withoutAnnouncements } from '../../../statemachine/definition.ts';
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
  latency: undefined,
  outputTokens: 300,
  maxTokens: undefined,
  modelIds: [FIRST_MODEL],
  childType: 'STANDARD' as const,
};

describe('a plan', () => {
  test('is what the simulation recommends for prompts of this size under these quotas', () => {
    const { recommended } = planConcurrency({
      ...ASSUMED,
      prompts: 1_000,
      inputTokens: 110,
      outputTokens: 300,
      maxTokens: 1_000,
      models: [findModel(FIRST_MODEL) as ModelEntry],
      quota: { requests: 225, tokens: 400_000 },
      latency: assumedLatency(300),
      definition: withoutAnnouncements(readDefinition()),
    });
    expect(planBatch(STAGED, { ...OPTIONS, rpm: 225, tpm: 400_000 })).toEqual({
      prompts: 1_000,
      inputTokens: 110_000,
      outputTokens: 300_000,
      usd: recommended.usd.total,
      concurrency: recommended.concurrency,
      seconds: Math.ceil(recommended.seconds),
    });
    expect(recommended.concurrency).toBeGreaterThan(1);
  });

  test('takes the concurrency that is given, and is cautious without quotas', () => {
    expect(planBatch(STAGED, { ...OPTIONS, rpm: 225, concurrency: 3 }).concurrency).toBe(3);
    expect(planBatch(STAGED, OPTIONS).concurrency).toBe(10);
  });

  test('prices EXPRESS executions by what all of them take together', () => {
    const { usd, seconds } = planBatch(STAGED, { ...OPTIONS, concurrency: 4 });
    const express = planBatch(STAGED, { ...OPTIONS, concurrency: 4, childType: 'EXPRESS' });
    // 5 state transitions a prompt, against a request and about 5 s of 64 MB.
    const difference = 1_000 * 5 * 0.000_025 - 1_000 * 0.000_001 - ((4 * seconds) / 16) * (0.06 / 3_600);
    expect(express.usd).toBeCloseTo(usd - difference, 3);
    expect(express.usd).toBeLessThan(usd - 0.11);
  });

  test('expects no more of an answer than it may have, and the default where a prompt does not say', () => {
    expect(planBatch({ ...STAGED, maxTokens: 50_000 }, OPTIONS).outputTokens).toBe(50_000);
    const silent = { ...STAGED, maxTokens: 0, withoutMaxTokens: 1_000 };
    expect(planBatch(silent, { ...OPTIONS, outputTokens: 10_000 }).outputTokens).toBe(4_096_000);
    expect(planBatch(silent, { ...OPTIONS, maxTokens: 200 }).outputTokens).toBe(200_000);
  });

  test('is refused under a quota that no request fits into', () => {
    expect(() => planBatch(STAGED, { ...OPTIONS, tpm: 1_000 })).toThrow(
      `--tpm: found 1000, allowed is at least 1110: a request to ${FIRST_MODEL} reserves its input and the most tokens of its answer`,
    );
  });
});
