import { describe, expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Duration } from 'aws-cdk-lib/core';
import { idOf, pipelineStack, statementsOf, userStack } from './synthesise.ts';

const environmentOf = (template: Template, state: string) => {
  const id = idOf(template, 'AWS::Lambda::Function', `Pipeline${state}Function`);
  return template.findResources('AWS::Lambda::Function')[id]?.['Properties'].Environment.Variables;
};

/** What the functions may do with S3 and KMS, as `ACTION RESOURCE`. */
const rightsOf = (template: Template, state: string): string[] =>
  (statementsOf(template, `Pipeline${state}Role`) as { Action: string; Resource: unknown }[])
    .filter(({ Action }) => /^(s3|kms):/.test(String(Action)))
    .map(({ Action, Resource }) => `${Action} ${word(Resource)}`);

function word(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(word).join(' ');
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, unknown[]>;
  return join ? (join[1] as unknown[]).map(word).join('') : String(Ref ?? attribute?.[0]).replace(/[0-9A-F]{8}$/, '');
}

describe('the bucket of its own', () => {
  const template = Template.fromStack(pipelineStack());

  test('is encrypted, closed to the public, empties itself after 30 days and outlasts the stack', () => {
    expect(Object.values(template.findResources('AWS::S3::Bucket'))).toEqual([
      {
        Type: 'AWS::S3::Bucket',
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: {
          BucketEncryption: {
            ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
          },
          LifecycleConfiguration: {
            Rules: [
              { AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, ExpirationInDays: 30, Status: 'Enabled' },
            ],
          },
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true,
            BlockPublicPolicy: true,
            IgnorePublicAcls: true,
            RestrictPublicBuckets: true,
          },
        },
      },
    ]);
  });

  test('refuses what does not come by TLS 1.2', () => {
    const [policy] = Object.values(template.findResources('AWS::S3::BucketPolicy'));
    const bucket = { 'Fn::GetAtt': [idOf(template, 'AWS::S3::Bucket', 'PipelinePayloadsBucket'), 'Arn'] };
    const Resource = [bucket, { 'Fn::Join': ['', [bucket, '/*']] }];
    const deny = { Effect: 'Deny', Principal: { AWS: '*' }, Action: 's3:*', Resource };
    expect(policy?.['Properties'].PolicyDocument.Statement).toEqual([
      { ...deny, Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      { ...deny, Condition: { NumericLessThan: { 's3:TlsVersion': 1.2 } } },
    ]);
  });

  test('is told to the functions that use it', () => {
    expect(word(environmentOf(template, 'ValidateInput').PROMPT_LOCATIONS)).toBe(
      's3://PipelinePayloadsBucket/prompts/',
    );
    expect(word(environmentOf(template, 'InvokeModel').PAYLOAD_BUCKET)).toBe('PipelinePayloadsBucket');
    for (const state of ['LogResponse', 'LogFailure']) {
      expect(Object.keys(environmentOf(template, state)).filter((name) => /BUCKET|PROMPT/.test(name))).toEqual([]);
      expect(rightsOf(template, state)).toEqual([]);
    }
  });

  test('is encrypted with the key of the pipeline, and keeps objects as long as is asked', () => {
    const own = Template.fromStack(
      userStack((stack) => ({ encryptionKey: new Key(stack, 'Key'), payloadRetention: Duration.days(7) })),
    );
    const [{ Properties: properties } = { Properties: undefined }] = Object.values(
      own.findResources('AWS::S3::Bucket'),
    );
    expect(properties.BucketEncryption.ServerSideEncryptionConfiguration).toEqual([
      {
        BucketKeyEnabled: true,
        ServerSideEncryptionByDefault: {
          SSEAlgorithm: 'aws:kms',
          KMSMasterKeyID: { 'Fn::GetAtt': [idOf(own, 'AWS::KMS::Key', 'Key'), 'Arn'] },
        },
      },
    ]);
    expect(properties.LifecycleConfiguration.Rules[0].ExpirationInDays).toBe(7);
    expect(rightsOf(own, 'ValidateInput')).toEqual([
      's3:GetObject PipelinePayloadsBucket/prompts/*',
      's3:ListBucket PipelinePayloadsBucket',
    ]);
    expect(rightsOf(own, 'InvokeModel')).toEqual([
      's3:GetObject PipelinePayloadsBucket/prompts/*',
      'kms:Decrypt,kms:GenerateDataKey Key',
      's3:PutObject PipelinePayloadsBucket/responses/*',
    ]);
  });
});

test('buckets of the user may have prompts, all of theirs or those of a prefix, and the answers', () => {
  const template = Template.fromStack(
    userStack((stack) => ({
      payloadBucket: Bucket.fromBucketName(stack, 'Mine', 'mine'),
      promptBuckets: [
        { bucket: Bucket.fromBucketName(stack, 'Yours', 'yours') },
        { bucket: Bucket.fromBucketName(stack, 'Ours', 'ours'), prefix: 'a/b' },
      ],
    })),
  );
  template.resourceCountIs('AWS::S3::Bucket', 0);
  expect(environmentOf(template, 'ValidateInput').PROMPT_LOCATIONS).toBe(
    's3://mine/prompts/,s3://yours/,s3://ours/a/b',
  );
  expect(environmentOf(template, 'InvokeModel').PAYLOAD_BUCKET).toBe('mine');
  const arn = 'arn:aws:s3:::';
  expect(rightsOf(template, 'ValidateInput')).toEqual([
    `s3:GetObject ${arn}mine/prompts/* ${arn}ours/a/b* ${arn}yours/*`,
    `s3:ListBucket ${arn}mine ${arn}ours ${arn}yours`,
  ]);
  expect(rightsOf(template, 'InvokeModel')).toEqual([
    `s3:GetObject ${arn}mine/prompts/* ${arn}ours/a/b* ${arn}yours/*`,
    `s3:PutObject ${arn}mine/responses/*`,
  ]);
});

test('a deployment names them by their URIs', () => {
  const template = Template.fromStack(pipelineStack({ promptLocations: ['s3://mine/', 's3://mine/a', 's3://ours/b'] }));
  expect(word(environmentOf(template, 'ValidateInput').PROMPT_LOCATIONS)).toBe(
    's3://PipelinePayloadsBucket/prompts/,s3://mine/,s3://mine/a,s3://ours/b',
  );
});
