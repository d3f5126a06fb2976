import { describe, expect, test } from '@jest/globals';
import { Aws } from 'aws-cdk-lib/core';
import { findModel, MODELS } from '../../functions/shared/models.ts';
import { ConfigurationError } from '../../stacks/configuration-error.ts';
import { destinationRegions, type Geography, sourceRegions } from '../../stacks/constructs/geographies.ts';
import { requireUsableModels } from '../../stacks/constructs/usable-models.ts';

const NOW = Date.parse('2026-11-24T00:00:00Z');
const HAIKU = 'anthropic.claude-haiku-5-5';

const US = ['us-east-1', 'us-east-2', 'us-west-2'];
const EU = ['eu-central-1', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-1', 'eu-west-3'];

const ALLOWED_FROM: Readonly<Record<Geography, readonly string[]>> = {
  us: [...US, 'us-west-1', 'ca-central-1'],
  eu: [...EU, 'eu-central-2', 'eu-west-2'],
  jp: ['ap-northeast-1', 'ap-northeast-3'],
  au: ['ap-southeast-2', 'ap-southeast-4', 'ap-southeast-6'],
};
const GEOGRAPHIES = Object.keys(ALLOWED_FROM) as Geography[];
const REGIONS = [...Object.values(ALLOWED_FROM).flat(), 'sa-east-1', 'ap-south-1', 'us-gov-west-1', 'cn-north-1'];

function messageOf(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  return undefined;
}

describe.each(GEOGRAPHIES)('profile %s.', (geography) => {
  test.each(REGIONS)('is accepted in %s if, and only if, it can be called from there', (region) => {
    const modelId = `${geography}.${HAIKU}`;
    const home = GEOGRAPHIES.filter((other) => ALLOWED_FROM[other].includes(region));
    const instead = [...home, 'global'].map((other) => `${other}.${HAIKU}`).join(' or ');
    expect(messageOf(() => requireUsableModels([modelId], { region, now: NOW }))).toBe(
      ALLOWED_FROM[geography].includes(region)
        ? undefined
        : `modelIds: found ${modelId}, but the Region is ${region}: profile ${geography}. can be called from ` +
            `${ALLOWED_FROM[geography].join(', ')}; use ${instead} instead`,
    );
  });

  test('may route to the Region that it is called from, wherever that is', () => {
    const model = findModel(`${geography}.${HAIKU}`)?.model ?? MODELS[0];
    if (!model) throw new Error('no model');
    for (const region of sourceRegions(geography)) {
      expect(destinationRegions(model, geography, region)).toContain(region);
    }
  });

  test('is refused while the Region is only known at deployment', () => {
    expect(messageOf(() => requireUsableModels([`${geography}.${HAIKU}`], { region: Aws.REGION, now: NOW }))).toBe(
      `modelIds: found ${geography}.${HAIKU}, but the Region is not known: profile ${geography}. can be called from ` +
        `${ALLOWED_FROM[geography].join(', ')}; set AWS_REGION to one`,
    );
  });
});

describe('a chain of models', () => {
  const region = 'eu-west-1';

  test('is found in the table, in its order', () => {
    const modelIds = [`global.${HAIKU}`, `eu.${HAIKU}`];
    expect(requireUsableModels(modelIds, { region, now: NOW })).toEqual(modelIds.map(findModel));
  });

  test('may hold global profiles while the Region is only known at deployment', () => {
    expect(requireUsableModels([`global.${HAIKU}`], { region: Aws.REGION, now: NOW })).toHaveLength(1);
  });

  test('is refused when empty', () => {
    expect(messageOf(() => requireUsableModels([], { region, now: NOW }))).toMatch(
      /^modelIds: found none, allowed is at least one of /,
    );
  });

  test('is refused with a model that is not in the table, naming those that are', () => {
    const alive = ['claude-haiku-5-5', 'claude-haiku-4-5-20251001-v1:0'].flatMap((name) =>
      ['us', 'eu', 'jp', 'au', 'global'].map((profile) => `${profile}.anthropic.${name}`),
    );
    expect(messageOf(() => requireUsableModels(['gpt-4'], { region, now: NOW }))).toBe(
      `modelIds: found "gpt-4", allowed are ${alive.join(', ')}`,
    );
  });

  test('is refused from the day on which a model ends, naming the one to use instead', () => {
    const modelIds = ['us.anthropic.claude-3-5-haiku-20241022-v1:0'];
    const endOfLife = Date.parse('2026-06-19');
    expect(messageOf(() => requireUsableModels(modelIds, { region: 'us-east-1', now: endOfLife - 1 }))).toBe(undefined);
    expect(messageOf(() => requireUsableModels(modelIds, { region: 'us-east-1', now: endOfLife }))).toBe(
      'modelIds: found us.anthropic.claude-3-5-haiku-20241022-v1:0, which reached its end of life on 2026-06-19: ' +
        'use global.anthropic.claude-haiku-5-5 instead',
    );
  });
});
