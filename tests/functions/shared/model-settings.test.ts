import { describe, expect, test } from '@jest/globals';
import {
  modelFeatureVariables,
  readModelFeatures,
  readRequestDefaults,
  requestDefaultVariables,
} from '../../../functions/shared/model-settings.ts';
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

  const guardrail = { GUARDRAIL_ID: 'abc123', GUARDRAIL_VERSION: '1' };
  test.each([
    [
      { ...guardrail, GUARDRAIL_ID: 'My guardrail' },
      'GUARDRAIL_ID: found "My guardrail", allowed is the id of a guardrail, or its ARN',
    ],
    [
      { ...guardrail, GUARDRAIL_VERSION: '0' },
      'GUARDRAIL_VERSION: found "0", allowed is DRAFT or a number of at least 1',
    ],
    [{ ...guardrail, GUARDRAIL_TRACE: 'yes' }, 'GUARDRAIL_TRACE: found "yes", allowed is enabled or disabled'],
    [{ GUARDRAIL_ID: 'abc123' }, 'GUARDRAIL_VERSION: found nothing, allowed is DRAFT or a number of at least 1'],
    [{ GUARDRAIL_VERSION: '1' }, 'GUARDRAIL_ID: found nothing, allowed is the id of a guardrail, or its ARN'],
    [{ GUARDRAIL_TRACE: 'enabled' }, 'GUARDRAIL_ID: found nothing, allowed is the id of a guardrail, or its ARN'],
    [{ PROMPT_CACHING: '5m' }, 'PROMPT_CACHING: found "5m", allowed is true or false'],
    [{ SERVICE_TIER: 'reserved' }, 'SERVICE_TIER: found "reserved", allowed is default or priority or flex'],
  ])('are refused in one line: %j', (env, message) => {
    expect(() => readModelFeatures(env)).toThrow(new RangeError(message));
  });
});

describe('the defaults of requests', () => {
  test('are none where nothing is set, or only set to nothing', () => {
    expect(readRequestDefaults({})).toEqual(NO_DEFAULTS);
    expect(readRequestDefaults({ SYSTEM_PROMPT: ' \n', TEMPERATURE: '' })).toEqual(NO_DEFAULTS);
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
    expect(readRequestDefaults(variables)).toEqual(defaults);
    expect(requestDefaultVariables(defaults)).toEqual(variables);
    expect(requestDefaultVariables(NO_DEFAULTS)).toEqual({});
  });

  test('take a system prompt of 2,560 bytes and not of one more, and do not repeat it', () => {
    expect(readRequestDefaults({ SYSTEM_PROMPT: 'ä'.repeat(1_280) }).systemPrompt).toHaveLength(1_280);
    expect(() => readRequestDefaults({ SYSTEM_PROMPT: `${'ä'.repeat(1_280)}x` })).toThrow(
      new RangeError('SYSTEM_PROMPT: found text of 2561 bytes, allowed is text of at most 2560 bytes'),
    );
  });

  const texts = 'a JSON list of texts that are not blank, of at most 512 bytes';
  test.each([
    [{ MAX_TOKENS: '0' }, 'MAX_TOKENS: found "0", allowed is a whole number of at least 1'],
    [{ MAX_TOKENS: '1.5' }, 'MAX_TOKENS: found "1.5", allowed is a whole number of at least 1'],
    [{ TEMPERATURE: '1.1' }, 'TEMPERATURE: found "1.1", allowed is a number from 0 to 1'],
    [{ TOP_P: 'high' }, 'TOP_P: found "high", allowed is a number from 0 to 1'],
    [{ STOP_SEQUENCES: 'END' }, `STOP_SEQUENCES: found "END", allowed is ${texts}`],
    [{ STOP_SEQUENCES: '[" "]' }, `STOP_SEQUENCES: found "[" "]", allowed is ${texts}`],
    [{ STOP_SEQUENCES: '[1]' }, `STOP_SEQUENCES: found "[1]", allowed is ${texts}`],
  ])('are refused in one line: %j', (env, message) => {
    expect(() => readRequestDefaults(env)).toThrow(new RangeError(message));
  });
});

test('an error calls a variable as it is told to', () => {
  expect(() => readModelFeatures({ SERVICE_TIER: 'fast' }, (variable) => `<${variable}>`)).toThrow(
    new RangeError('<SERVICE_TIER>: found "fast", allowed is default or priority or flex'),
  );
});
