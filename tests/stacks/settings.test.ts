import { describe, expect, test } from '@jest/globals';
import { DEFAULT_MODEL_IDS } from '../../functions/shared/models.ts';
import { ConfigurationError } from '../../stacks/configuration-error.ts';
import { readSettings } from '../../stacks/settings.ts';
import { NO_DEFAULTS, NO_FEATURES } from '../support/settings.ts';

describe('the settings of a deployment', () => {
  test('are the defaults when nothing is set, or only set to nothing', () => {
    const defaults = {
      modelIds: DEFAULT_MODEL_IDS,
      logContent: true,
      features: NO_FEATURES,
      defaults: NO_DEFAULTS,
      promptLocations: [],
      retries: undefined,
      retryDelaySeconds: undefined,
      includeExecutionData: undefined,
      stage: undefined,
      region: undefined,
      account: undefined,
    };
    expect(readSettings({})).toEqual(defaults);
    expect(
      readSettings({
        MODEL_IDS: '',
        LOG_CONTENT: '',
        PROMPT_LOCATIONS: '',
        LOG_EXECUTION_DATA: '',
        RETRIES: '',
        RETRY_DELAY_SECONDS: '',
        STAGE: '',
        AWS_REGION: '',
        CDK_DEFAULT_REGION: '',
        CDK_DEFAULT_ACCOUNT: '',
      }),
    ).toEqual(defaults);
  });

  test('are read from the environment', () => {
    expect(
      readSettings({
        MODEL_IDS: 'eu.anthropic.claude-haiku-5-5, global.anthropic.claude-haiku-5-5',
        LOG_CONTENT: 'true',
        PROMPT_LOCATIONS: 's3://mine',
        LOG_EXECUTION_DATA: 'FALSE',
        RETRIES: '0',
        RETRY_DELAY_SECONDS: ' 7 ',
        STAGE: 'dev-2',
        AWS_REGION: 'eu-west-1',
        CDK_DEFAULT_REGION: 'us-east-1',
        CDK_DEFAULT_ACCOUNT: '111122223333',
        GUARDRAIL_ID: 'abc123',
        GUARDRAIL_VERSION: '3',
        SYSTEM_PROMPT: 'Be brief.',
      }),
    ).toEqual({
      modelIds: ['eu.anthropic.claude-haiku-5-5', 'global.anthropic.claude-haiku-5-5'],
      logContent: true,
      features: { ...NO_FEATURES, guardrail: { guardrailIdentifier: 'abc123', guardrailVersion: '3' } },
      defaults: { systemPrompt: 'Be brief.', inferenceConfig: {} },
      promptLocations: ['s3://mine/'],
      includeExecutionData: false,
      retries: 0,
      retryDelaySeconds: 7,
      stage: 'dev-2',
      region: 'eu-west-1',
      account: '111122223333',
    });
  });

  test('take the Region of the CDK when AWS_REGION is not set', () => {
    expect(readSettings({ CDK_DEFAULT_REGION: 'us-gov-west-1' }).region).toBe('us-gov-west-1');
  });

  test.each([
    [{ RETRIES: '-1' }, 'RETRIES: found "-1", allowed is a whole number from 0 to 99999999'],
    [{ RETRIES: '2.5' }, 'RETRIES: found "2.5", allowed is a whole number from 0 to 99999999'],
    [{ RETRIES: '100000000' }, 'RETRIES: found "100000000", allowed is a whole number from 0 to 99999999'],
    [{ RETRY_DELAY_SECONDS: '0' }, 'RETRY_DELAY_SECONDS: found "0", allowed is a whole number from 1 to 99999999'],
    [{ LOG_CONTENT: 'no' }, 'LOG_CONTENT: found "no", allowed is true or false'],
    [
      { LOG_EXECUTION_DATA: 'true', LOG_CONTENT: 'false' },
      'LOG_EXECUTION_DATA: found "true", allowed is false while LOG_CONTENT is false',
    ],
    [{ LOG_EXECUTION_DATA: '1' }, 'LOG_EXECUTION_DATA: found "1", allowed is true or false'],
    [{ STAGE: 'a_b' }, 'STAGE: found "a_b", allowed is 1 to 20 letters and digits, with single hyphens between them'],
    [
      { STAGE: 'x'.repeat(21) },
      `STAGE: found "${'x'.repeat(21)}", allowed is 1 to 20 letters and digits, with single hyphens between them`,
    ],
    [{ SERVICE_TIER: 'fast' }, 'SERVICE_TIER: found "fast", allowed is default or priority or flex'],
    [{ AWS_REGION: 'eu-west1' }, 'AWS_REGION: found "eu-west1", allowed is a Region such as eu-west-1'],
  ])('are refused in one line: %j', (env, message) => {
    expect(() => readSettings(env)).toThrow(ConfigurationError);
    expect(() => readSettings(env)).toThrow(new RegExp(`^${message}$`));
  });

  test('are refused with a model id that is not in the table', () => {
    expect(() => readSettings({ MODEL_IDS: 'gpt-4' })).toThrow(ConfigurationError);
    expect(() => readSettings({ MODEL_IDS: 'gpt-4' })).toThrow(/^MODEL_IDS: found "gpt-4", allowed is [^\n]+$/);
  });
});
