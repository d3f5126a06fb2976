import { describe, expect, test } from '@jest/globals';
import {
  aliveModelIds,
  DEFAULT_MODEL_IDS,
  findModel,
  lifecycleWarning,
  MODELS,
  type ModelEntry,
} from '../../../functions/shared/models.ts';

const HAIKU_5 = 'global.anthropic.claude-haiku-5-5';
const HAIKU_4 = 'global.anthropic.claude-haiku-4-5-20251001-v1:0';
const HAIKU_3 = 'us.anthropic.claude-3-5-haiku-20241022-v1:0';

function entry(modelId: string): ModelEntry {
  const found = findModel(modelId);
  if (!found) throw new Error(`${modelId} is not in the table`);
  return found;
}

describe('findModel', () => {
  test('tells the profile apart from the model', () => {
    expect(findModel('eu.anthropic.claude-haiku-5-5')).toEqual({
      modelId: 'eu.anthropic.claude-haiku-5-5',
      model: MODELS[0],
      profile: 'eu',
    });
  });

  test('takes a bare id only where the model can be invoked without a profile', () => {
    expect(findModel('anthropic.claude-3-5-haiku-20241022-v1:0')?.profile).toBeUndefined();
    expect(findModel('anthropic.claude-3-5-haiku-20241022-v1:0')?.model.name).toBe('Claude 3.5 Haiku');
    expect(findModel('anthropic.claude-haiku-5-5')).toBeUndefined();
  });

  test('does not find a profile that the model lacks, nor an unknown model', () => {
    expect(findModel('eu.anthropic.claude-3-5-haiku-20241022-v1:0')).toBeUndefined();
    expect(findModel('global.anthropic.claude-haiku-9')).toBeUndefined();
  });

  test('finds every model of the default chain', () => {
    expect(DEFAULT_MODEL_IDS.map((modelId) => findModel(modelId)?.profile)).toEqual(['global', 'global']);
  });
});

describe('the table', () => {
  test('ends every price list with a price for any number of tokens, in rising order', () => {
    for (const { prices } of MODELS) {
      const bounds = prices.map(({ upToInputTokens }) => upToInputTokens);
      expect(bounds).toEqual([...bounds].sort((a, b) => a - b));
      expect(bounds.at(-1)).toBe(Number.POSITIVE_INFINITY);
    }
  });

  test('names only replacements that are in the table', () => {
    for (const { lifecycle } of MODELS)
      if (lifecycle.replacement) expect(findModel(lifecycle.replacement)).toBeDefined();
  });
});

describe('the lifecycle', () => {
  test('lists a model as alive until the day of its end of life', () => {
    expect(aliveModelIds(Date.parse('2026-06-18T23:59:59.999Z'))).toContain(HAIKU_3);
    expect(aliveModelIds(Date.parse('2026-06-19T00:00:00.000Z'))).not.toContain(HAIKU_3);
    expect(aliveModelIds(Date.parse('2026-06-19T00:00:00.000Z'))).toHaveLength(10);
  });

  test('warns 90 days before an announced end of life, and not a moment earlier', () => {
    const warning = `${HAIKU_3} reaches its end of life on 2026-06-19; use global.anthropic.claude-haiku-5-5 instead`;
    expect(lifecycleWarning(entry(HAIKU_3), Date.parse('2026-03-20T23:59:59.999Z'))).toBeUndefined();
    expect(lifecycleWarning(entry(HAIKU_3), Date.parse('2026-03-21T00:00:00.000Z'))).toBe(warning);
  });

  test('warns before the day until which AWS promises service, with and without a replacement', () => {
    expect(lifecycleWarning(entry(HAIKU_4), Date.parse('2026-11-24'))).toBe(
      `${HAIKU_4} may reach its end of life any day from 2026-10-16 on; use global.anthropic.claude-haiku-5-5 instead`,
    );
    expect(lifecycleWarning(entry(HAIKU_5), Date.parse('2026-11-24'))).toBeUndefined();
    expect(lifecycleWarning(entry(HAIKU_5), Date.parse('2027-10-01'))).toBe(
      `${HAIKU_5} may reach its end of life any day from 2027-10-07 on`,
    );
  });
});
