import { describe, expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Duration, type Stack, Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { BedrockBatch, type BedrockBatchProps } from '../../stacks/constructs/bedrock-batch.ts';
import type { BedrockPipeline } from '../../stacks/constructs/bedrock-pipeline.ts';
import { idOf, pipelineStack, statementsOf, userStack } from './synthesise.ts';

const stack = pipelineStack({ batch: true });
const template = Template.fromStack(stack);

const NAME = 'OrchestratedBedrockPipeline-batch';
const bucketId = idOf(template, 'AWS::S3::Bucket', 'BatchBucket');
const statesArn = (rest: string) => `arn:aws:states:us-east-1:111122223333:${rest}`;
const objects = (keys: string) => ({ 'Fn::Join': ['', [{ 'Fn::GetAtt': [bucketId, 'Arn'] }, `/${keys}`]] });
const functionArn = (state: string) => ({
  'Fn::GetAtt': [idOf(template, 'AWS::Lambda::Function', `Pipeline${state}Function`), 'Arn'],
});

/** A batch in a stack of a user's, with these properties. */
function batchOf(props: Partial<BedrockBatchProps>): { stack: Stack; batch: BedrockBatch } {
  const stack = userStack();
  const pipeline = stack.node.findChild('Pipeline') as BedrockPipeline;
  return { stack, batch: new BedrockBatch(stack, 'Batch', { pipeline, ...props }) };
}

test('a pipeline alone has no batch', () => {
  expect(JSON.stringify(Template.fromStack(pipelineStack()).toJSON())).not.toContain('-batch');
});

describe('the role of the machine', () => {
  test('may run its map runs, read prompts, write results, invoke the functions, and nothing else', () => {
    const statements = statementsOf(template, 'BatchStateMachineRole') as { Action: string[]; Resource: unknown }[];
    const [shared, own] = [true, false].map((isShared) =>
      statements.filter(({ Resource }) => (Resource === '*') === isShared),
    );
    // As every state machine's: deliver logs and traces.
    const pipelines = statementsOf(template, 'PipelineStateMachineRole') as { Resource: unknown }[];
    expect(shared).toEqual(pipelines.filter(({ Resource }) => Resource === '*'));
    expect(own).toEqual([
      {
        Effect: 'Allow',
        Action: 'lambda:InvokeFunction',
        Resource: ['InvokeModel', 'LogFailure', 'LogResponse', 'ValidateInput'].map(functionArn),
      },
      { Effect: 'Allow', Action: 'states:StartExecution', Resource: statesArn(`stateMachine:${NAME}`) },
      {
        Effect: 'Allow',
        Action: ['states:DescribeExecution', 'states:RedriveExecution', 'states:StopExecution'],
        Resource: statesArn(`execution:${NAME}/*`),
      },
      { Effect: 'Allow', Action: 'states:DescribeMapRun', Resource: statesArn(`mapRun:${NAME}/*`) },
      { Effect: 'Allow', Action: 's3:GetObject', Resource: objects('prompts/*') },
      {
        Effect: 'Allow',
        Action: ['s3:AbortMultipartUpload', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:PutObject'],
        Resource: objects('results/*'),
      },
    ]);
  });

  test('may besides use a key that encrypts the bucket', () => {
    const keyed = userStack((scope) => ({ encryptionKey: new Key(scope, 'Key') }));
    new BedrockBatch(keyed, 'Batch', { pipeline: keyed.node.findChild('Pipeline') as BedrockPipeline });
    const ofBucket = Template.fromStack(keyed);
    const key = { 'Fn::GetAtt': [idOf(ofBucket, 'AWS::KMS::Key', 'Key'), 'Arn'] };
    expect(statementsOf(ofBucket, 'BatchStateMachineRole')).toContainEqual({
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: key,
    });
  });
});

test('the bucket is encrypted, private, asks for TLS, and forgets after 30 days or as told', () => {
  template.hasResourceProperties('AWS::S3::Bucket', {
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      BlockPublicPolicy: true,
      IgnorePublicAcls: true,
      RestrictPublicBuckets: true,
    },
    LifecycleConfiguration: {
      Rules: [{ ExpirationInDays: 30, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: 'Enabled' }],
    },
  });
  const { stack: own } = batchOf({ retention: Duration.days(7) });
  const { Properties } = Template.fromStack(own).findResources('AWS::S3::Bucket')[
    idOf(Template.fromStack(own), 'AWS::S3::Bucket', 'BatchBucket')
  ] as { Properties: { LifecycleConfiguration: { Rules: { ExpirationInDays: number }[] } } };
  expect(Properties.LifecycleConfiguration.Rules.map(({ ExpirationInDays }) => ExpirationInDays)).toEqual([7]);
});

test('every placeholder of the definition has a value', () => {
  const { Properties } = template.findResources('AWS::StepFunctions::StateMachine')[
    idOf(template, 'AWS::StepFunctions::StateMachine', 'BatchStateMachine')
  ] as { Properties: { DefinitionString: string; DefinitionSubstitutions: object; StateMachineName: string } };
  const named = [...Properties.DefinitionString.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
  expect([...new Set(named)].sort()).toEqual(Object.keys(Properties.DefinitionSubstitutions).sort());
  expect(Properties.StateMachineName).toBe(NAME);
});

test('alarms tell of batches that ended before their end, and of prompts that fail', () => {
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
  const own = alarms.filter(({ AlarmName }) => /-Failed(Batches|Prompts)$/.test(AlarmName));
  expect(own.map(({ AlarmName, Threshold, EvaluationPeriods }) => [AlarmName, Threshold, EvaluationPeriods])).toEqual([
    ['OrchestratedBedrockPipeline-FailedBatches', 1, 1],
    ['OrchestratedBedrockPipeline-FailedPrompts', 20, 2],
  ]);
});

test('cdk-nag finds nothing that is not acknowledged', () => {
  const checked = pipelineStack({ batch: true });
  const app = checked.node.root as import('aws-cdk-lib/core').App;
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  expect(() => app.synth()).not.toThrow();
});
