import { describe, expect, test } from '@jest/globals';
import { shapeRequest } from '../../../functions/invoke-model/converse-input.ts';
import type { InferenceConfig } from '../../../functions/shared/contract.ts';
import type { ModelFeatures } from '../../../functions/shared/model-settings.ts';
import { findModel } from '../../../functions/shared/models.ts';
import { NO_FEATURES } from '../../support/settings.ts';
import { HAIKU_3, HAIKU_4, HAIKU_5, REQUEST } from './events.ts';

function shape(modelId: string, request: Partial<typeof REQUEST> = {}, features: Partial<ModelFeatures> = {}) {
  const entry = findModel(modelId);
  if (!entry) throw new Error(`${modelId} is not in the table`);
  return shapeRequest(entry, { ...REQUEST, ...request }, { ...NO_FEATURES, ...features });
}

function shapeInference(modelId: string, inferenceConfig: InferenceConfig) {
  const { input, warnings } = shape(modelId, { inferenceConfig });
  return { inferenceConfig: input.inferenceConfig, warnings };
}

test('a prompt alone is one user turn, with maxTokens and thinking off where the model thinks by default', () => {
  expect(shape(HAIKU_5)).toEqual({
    input: {
      modelId: HAIKU_5,
      messages: [{ role: 'user', content: [{ text: 'Tell me a joke' }] }],
      inferenceConfig: { maxTokens: 4_096 },
      additionalModelRequestFields: { thinking: { type: 'disabled' } },
    },
    warnings: [],
  });
});

test('a whole request keeps its turns, its system, its stop sequences and its metadata', () => {
  const request: Partial<typeof REQUEST> = {
    system: 'Be brief.',
    messages: [
      { role: 'user', content: 'One' },
      { role: 'assistant', content: 'Two' },
    ],
    inferenceConfig: { maxTokens: 300, temperature: 0.2, stopSequences: ['END'] },
    metadata: { team: 'platform' },
  };
  expect(shape(HAIKU_4, request)).toEqual({
    input: {
      modelId: HAIKU_4,
      messages: [
        { role: 'user', content: [{ text: 'One' }] },
        { role: 'assistant', content: [{ text: 'Two' }] },
        { role: 'user', content: [{ text: 'Tell me a joke' }] },
      ],
      system: [{ text: 'Be brief.' }],
      inferenceConfig: { maxTokens: 300, temperature: 0.2, stopSequences: ['END'] },
      requestMetadata: { team: 'platform' },
    },
    warnings: [],
  });
});

describe('sampling parameters', () => {
  test('never reach a model that takes none, and each dropped one is a warning', () => {
    expect(shapeInference(HAIKU_5, { maxTokens: 10, temperature: 0, topP: 0.5 })).toEqual({
      inferenceConfig: { maxTokens: 10 },
      warnings: [
        `temperature was dropped: ${HAIKU_5} takes no temperature`,
        `topP was dropped: ${HAIKU_5} takes no topP`,
      ],
    });
  });

  test('are only temperature for a model that takes one, when both are given', () => {
    expect(shapeInference(HAIKU_4, { maxTokens: 10, temperature: 0, topP: 0.5 })).toEqual({
      inferenceConfig: { maxTokens: 10, temperature: 0 },
      warnings: [`topP was dropped: ${HAIKU_4} takes temperature or topP, not both`],
    });
  });

  test('are topP for a model that takes one, when it alone is given', () => {
    expect(shapeInference(HAIKU_4, { maxTokens: 10, topP: 0.5 })).toEqual({
      inferenceConfig: { maxTokens: 10, topP: 0.5 },
      warnings: [],
    });
  });

  test('are both for a model that takes both', () => {
    expect(shapeInference(HAIKU_3, { maxTokens: 10, temperature: 0.1, topP: 0.5 })).toEqual({
      inferenceConfig: { maxTokens: 10, temperature: 0.1, topP: 0.5 },
      warnings: [],
    });
  });
});

test('more maxTokens than the model has are lowered, with a warning', () => {
  expect(shapeInference(HAIKU_4, { maxTokens: 100_000 })).toEqual({
    inferenceConfig: { maxTokens: 64_000 },
    warnings: [`maxTokens was lowered from 100000 to 64000, the most that ${HAIKU_4} answers with`],
  });
});
