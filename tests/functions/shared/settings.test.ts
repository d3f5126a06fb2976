import { expect, test } from '@jest/globals';
import { DEFAULT_MODEL_IDS } from '../../../functions/shared/models.ts';
import { readPayloadBucket, readRequestTimeouts, readSettings } from '../../../functions/shared/settings.ts';
import { NO_DEFAULTS, NO_FEATURES } from '../../support/settings.ts';

test('an empty environment means the default chain and logged content', () => {
  const defaults = {
    modelIds: DEFAULT_MODEL_IDS,
    logContent: true,
    features: NO_FEATURES,
    defaults: NO_DEFAULTS,
    promptLocations: [],
  };
  expect(readSettings({})).toEqual(defaults);
  expect(readSettings({ MODEL_IDS: ' ', LOG_CONTENT: '' })).toEqual(defaults);
});

test('MODEL_IDS is a comma separated chain, in its order, white space aside', () => {
  const { modelIds } = readSettings({
    MODEL_IDS: 'us.anthropic.claude-haiku-5-5, global.anthropic.claude-haiku-4-5-20251001-v1:0 ,',
  });
  expect(modelIds).toEqual(['us.anthropic.claude-haiku-5-5', 'global.anthropic.claude-haiku-4-5-20251001-v1:0']);
});

test('LOG_CONTENT hides the content when false, in any case of letters', () => {
  expect(readSettings({ LOG_CONTENT: 'false' }).logContent).toBe(false);
  expect(readSettings({ LOG_CONTENT: 'False' }).logContent).toBe(false);
  expect(readSettings({ LOG_CONTENT: 'true' }).logContent).toBe(true);
});

test('MODEL_TIMEOUT_SECONDS is how long a request may take', () => {
  expect(readRequestTimeouts({})).toEqual({});
  expect(readRequestTimeouts({ MODEL_TIMEOUT_SECONDS: '600' })).toEqual({
    requestTimeout: 600_000,
    socketTimeout: 600_000,
  });
  expect(() => readRequestTimeouts({ MODEL_TIMEOUT_SECONDS: '10 minutes' })).toThrow(
    new RangeError('MODEL_TIMEOUT_SECONDS: found "10 minutes", allowed is a number above 0'),
  );
});

test('PROMPT_LOCATIONS is a comma separated list of buckets, with or without a prefix of keys', () => {
  const { promptLocations } = readSettings({ PROMPT_LOCATIONS: 's3://mine, s3://yours/ ,s3://ours/a/b,' });
  expect(promptLocations).toEqual(['s3://mine/', 's3://yours/', 's3://ours/a/b']);
});

test('PAYLOAD_BUCKET must be there', () => {
  expect(readPayloadBucket({ PAYLOAD_BUCKET: ' payloads ' })).toBe('payloads');
  const missing = new RangeError('PAYLOAD_BUCKET: found nothing, allowed is the name of a bucket');
  expect(() => readPayloadBucket({})).toThrow(missing);
  expect(() => readPayloadBucket({ PAYLOAD_BUCKET: ' ' })).toThrow(missing);
});
