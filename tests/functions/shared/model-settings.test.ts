import { describe, expect, test } from '@jest/globals';
import {
  modelFeatureVariables,
  readModelFeatures,
  readRequestDefaults,
  requestDefaultVariables,
} from '../../../functions/shared/model-settings.ts';
import { DEFAULT_MODEL_IDS } from '../../../functions/shared/models.ts';
import { NO_DEFAULTS, NO_FEATURES } from '../../support/settings.ts';

const ARN = 'arn:aws:bedrock:eu-west-1:111122223333:guardrail/abc123';

describe('the features of a deployment', () => {
  test('are none where nothing is set, or only set to nothing', () => {
    expect(readModelFeatures({})).toEqual(NO_FEATURES);
    expect(readModelFeatures({ GUARDRAIL_ID: '', PROMPT_CACHING: ' ', SERVICE_TIER: '' })).toEqual(NO_FEATURES);
  });

  test('are read, and can be written as they are read', () => {
    const variables = {
      GUARDRAIL_ID: ARN,
      GUARDRAIL_VERSION: 'DRAFT',
      GUARDRAIL_TRACE: 'enabled',
      PROMPT_CACHING: 'true',
      SERVICE_TIER: 'flex',
    };
    const features = {
      guardrail: { guardrailIdentifier: ARN, guardrailVersion: 'DRAFT', trace: 'enabled' },
      promptCaching: true,
      serviceTier: 'flex',
    } as const;
    expect(readModelFeatures(variables)).toEqual(features);
    expect(modelFeatureVariables(features)).toEqual(variables);
    expect(modelFeatureVariables(NO_FEATURES)).toEqual({});
  });
});

describe('the defaults of requests', () => {
  test('are none where nothing is set, or only set to nothing', () => {
    expect(readRequestDefaults({}, DEFAULT_MODEL_IDS)).toEqual(NO_DEFAULTS);
    expect(readRequestDefaults({ SYSTEM_PROMPT: ' \n', TEMPERATURE: '' }, DEFAULT_MODEL_IDS)).toEqual(NO_DEFAULTS);
  });

  test('are read, and can be written as they are read', () => {
    const variables = {
      SYSTEM_PROMPT: 'Be brief.\nBe kind.',
      MAX_TOKENS: '300',
      TEMPERATURE: '0',
      TOP_P: '0.5',
      STOP_SEQUENCES: '["END",","]',
    };
    const defaults = {
      systemPrompt: 'Be brief.\nBe kind.',
      inferenceConfig: { maxTokens: 300, temperature: 0, topP: 0.5, stopSequences: ['END', ','] },
    };
    expect(readRequestDefaults(variables, DEFAULT_MODEL_IDS)).toEqual(defaults);
    expect(requestDefaultVariables(defaults)).toEqual(variables);
    expect(requestDefaultVariables(NO_DEFAULTS)).toEqual({});
  });

  test('take a system prompt of 2,560 bytes', () => {
    const SYSTEM_PROMPT = 'ä'.repeat(1_280);
    expect(readRequestDefaults({ SYSTEM_PROMPT }, DEFAULT_MODEL_IDS)).toEqual({
      systemPrompt: SYSTEM_PROMPT,
      inferenceConfig: {},
    });
  });

  test('take no text that UTF-8 cannot carry', () => {
    expect(() => readRequestDefaults({ SYSTEM_PROMPT: 'a\ud800' }, DEFAULT_MODEL_IDS)).toThrow(
      new RangeError(
        'SYSTEM_PROMPT: found text of 4 bytes with a lone surrogate, allowed is text of at most 2560 bytes',
      ),
    );
  });
});

test('an error calls a variable as it is told to', () => {
  expect(() => readModelFeatures({ SERVICE_TIER: 'fast' }, (variable) => `<${variable}>`)).toThrow(
    new RangeError('<SERVICE_TIER>: found "fast", allowed is default or priority or flex'),
  );
});
