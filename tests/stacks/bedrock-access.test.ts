import { describe, expect, test } from '@jest/globals';
import { findModel, type ModelEntry } from '../../functions/shared/models.ts';
import { bedrockStatements } from '../../stacks/constructs/bedrock-access.ts';

const HAIKU_4_5 = 'anthropic.claude-haiku-4-5-20251001-v1:0';

function statementsFor(modelId: string, region: string): unknown[] {
  const entry = findModel(modelId) as ModelEntry;
  const place = { region, account: '111122223333', partition: 'aws' };
  return bedrockStatements([entry], place).map((statement) => statement.toStatementJson());
}

const mayInvoke = { Effect: 'Allow', Action: 'bedrock:InvokeModel' };

describe('what a model needs of IAM', () => {
  test('through a global profile: the profile, the model here, and the model without a Region', () => {
    const profile = `arn:aws:bedrock:eu-west-2:111122223333:inference-profile/global.${HAIKU_4_5}`;
    expect(statementsFor(`global.${HAIKU_4_5}`, 'eu-west-2')).toEqual([
      {
        ...mayInvoke,
        Resource: profile,
        Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-2' } },
      },
      {
        ...mayInvoke,
        Resource: `arn:aws:bedrock:eu-west-2::foundation-model/${HAIKU_4_5}`,
        Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-2', 'bedrock:InferenceProfileArn': profile } },
      },
      {
        ...mayInvoke,
        Resource: `arn:aws:bedrock:::foundation-model/${HAIKU_4_5}`,
        Condition: { StringEquals: { 'aws:RequestedRegion': 'unspecified', 'bedrock:InferenceProfileArn': profile } },
      },
    ]);
  });

  test.each([
    ['us', 'us-west-1', ['us-east-1', 'us-east-2', 'us-west-2', 'us-west-1']],
    ['jp', 'ap-northeast-3', ['ap-northeast-1', 'ap-northeast-3']],
    ['au', 'ap-southeast-2', ['ap-southeast-2', 'ap-southeast-4']],
  ])('through profile %s. from %s: the profile here and the model wherever it routes to', (prefix, region, regions) => {
    const profile = `arn:aws:bedrock:${region}:111122223333:inference-profile/${prefix}.${HAIKU_4_5}`;
    expect(statementsFor(`${prefix}.${HAIKU_4_5}`, region)).toEqual([
      { ...mayInvoke, Resource: profile },
      {
        ...mayInvoke,
        Resource: regions.map((destination) => `arn:aws:bedrock:${destination}::foundation-model/${HAIKU_4_5}`),
        Condition: { StringEquals: { 'bedrock:InferenceProfileArn': profile } },
      },
    ]);
  });

  test('without a profile: the model in the Region', () => {
    expect(statementsFor('anthropic.claude-3-5-haiku-20241022-v1:0', 'us-west-2')).toEqual([
      {
        ...mayInvoke,
        Resource: 'arn:aws:bedrock:us-west-2::foundation-model/anthropic.claude-3-5-haiku-20241022-v1:0',
      },
    ]);
  });
});
