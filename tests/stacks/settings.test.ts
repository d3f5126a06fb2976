import { describe, expect, test } from '@jest/globals';
import { DEFAULT_MODEL_IDS } from '../../functions/shared/models.ts';
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
});
