import { describe, expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { pipelineStack } from './synthesise.ts';

const template = Template.fromStack(
  pipelineStack({
    modelIds: ['global.anthropic.claude-haiku-5-5', 'us.anthropic.claude-haiku-4-5-20251001-v1:0'],
    guardrail: { guardrailIdentifier: 'abc123', guardrailVersion: '1' },
  }),
);

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

const propertiesOf = (type: string) =>
  Object.entries(template.findResources(type)).map(([id, { Properties }]) => [id, Properties ?? {}] as const);

const statementsOf = (type: string): Statement[] =>
  propertiesOf(type).flatMap(([, { PolicyDocument }]) => PolicyDocument.Statement);

/** The ids that a policy of this type denies everybody to use without TLS. */
function keptToTls(type: string, members: (properties: Record<string, unknown>) => unknown): string[] {
  const refusing = propertiesOf(type).filter(([, { PolicyDocument }]) =>
    (PolicyDocument.Statement as Statement[]).some(
      ({ Effect, Principal, Condition }) =>
        Effect === 'Deny' &&
        ['"*"', '{"AWS":"*"}'].includes(JSON.stringify(Principal)) &&
        JSON.stringify(Condition) === '{"Bool":{"aws:SecureTransport":"false"}}',
    ),
  );
  const references = refusing.flatMap(([, properties]) => members(properties) as { Ref: string }[]);
  return references.map(({ Ref }) => Ref).sort();
}

const idsOf = (type: string) =>
  propertiesOf(type)
    .map(([id]) => id)
    .sort();

describe('what holds data', () => {
  test('is encrypted at rest', () => {
    for (const [, { KmsMasterKeyId }] of propertiesOf('AWS::SNS::Topic')) expect(KmsMasterKeyId).toBeDefined();
    for (const [, { KmsMasterKeyId, SqsManagedSseEnabled }] of propertiesOf('AWS::SQS::Queue'))
      expect(KmsMasterKeyId ?? SqsManagedSseEnabled).toBeTruthy();
    for (const [, { BucketEncryption }] of propertiesOf('AWS::S3::Bucket')) expect(BucketEncryption).toBeDefined();
    for (const [, { EnableKeyRotation }] of propertiesOf('AWS::KMS::Key')) expect(EnableKeyRotation).toBe(true);
  });

  test('is reached by TLS only', () => {
    expect(keptToTls('AWS::SNS::TopicPolicy', ({ Topics }) => Topics)).toEqual(idsOf('AWS::SNS::Topic'));
    expect(keptToTls('AWS::SQS::QueuePolicy', ({ Queues }) => Queues)).toEqual(idsOf('AWS::SQS::Queue'));
    expect(keptToTls('AWS::S3::BucketPolicy', ({ Bucket }) => [Bucket])).toEqual(idsOf('AWS::S3::Bucket'));
    expect(idsOf('AWS::SNS::Topic')).not.toEqual([]);
  });

  test('is not public', () => {
    for (const [, { PublicAccessBlockConfiguration }] of propertiesOf('AWS::S3::Bucket'))
      expect(PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
  });
});

describe('what may be done', () => {
  const allowed = statementsOf('AWS::IAM::Policy').filter(({ Effect }) => Effect === 'Allow');

  test('is named: no action is a pattern', () => {
    const patterns = allowed.flatMap(({ Action }) => [Action].flat()).filter((action) => action.includes('*'));
    expect(patterns).toEqual([]);
  });

  test('with Bedrock is bound to models, profiles and guardrails: no resource is a pattern', () => {
    const ofBedrock = allowed.filter(({ Action }) => JSON.stringify(Action).includes('bedrock:'));
    expect(ofBedrock.length).toBeGreaterThanOrEqual(6);
    for (const { Resource } of ofBedrock) expect(JSON.stringify(Resource)).not.toContain('*');
  });
});

test('X-Ray traces every function and every state machine', () => {
  const functions = propertiesOf('AWS::Lambda::Function').map(([, { TracingConfig }]) => TracingConfig);
  expect(functions).toEqual(functions.map(() => ({ Mode: 'Active' })));
  const machines = propertiesOf('AWS::StepFunctions::StateMachine').map(([, one]) => one['TracingConfiguration']);
  expect(machines).toEqual(machines.map(() => ({ Enabled: true })));
});

test('without logContent, no state machine logs execution data', () => {
  const machines = Template.fromStack(pipelineStack({ logContent: false })).findResources(
    'AWS::StepFunctions::StateMachine',
  );
  const logged = Object.values(machines).map(({ Properties }) => Properties.LoggingConfiguration.IncludeExecutionData);
  expect(logged).toEqual([false, false]);
});
