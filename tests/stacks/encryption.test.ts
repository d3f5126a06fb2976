import { describe, expect, jest, test } from '@jest/globals';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Stack } from 'aws-cdk-lib/core';
import { idOf, statementsOf, userStack } from './synthesise.ts';

const KEY_ARN = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

const stackWith = (keyIn: (stack: Stack) => IKey) =>
  userStack((stack) => ({ pipelineName: 'jokes', encryptionKey: keyIn(stack) }));

const arn = (rest: string) => `arn:aws:${rest}`;

describe('a pipeline with a key of its account', () => {
  const template = Template.fromStack(stackWith((stack) => new Key(stack, 'Key')));
  const keyId = idOf(template, 'AWS::KMS::Key', 'Key');
  const keyArn = { 'Fn::GetAtt': [keyId, 'Arn'] };

  test('encrypts definition and execution history, every log group, every environment and the alarms, and there is no other key', () => {
    template.resourceCountIs('AWS::KMS::Key', 1);
    const [topic] = Object.values(template.findResources('AWS::SNS::Topic'));
    expect(topic?.['Properties'].KmsMasterKeyId).toEqual(keyArn);
    const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
    expect(machine?.['Properties'].EncryptionConfiguration).toEqual({
      Type: 'CUSTOMER_MANAGED_KMS_KEY',
      KmsKeyId: keyArn,
      KmsDataKeyReusePeriodSeconds: 300,
    });
    const groups = Object.values(template.findResources('AWS::Logs::LogGroup'));
    expect(groups.map(({ Properties }) => Properties.KmsKeyId)).toEqual(groups.map(() => keyArn));
    const functions = Object.values(template.findResources('AWS::Lambda::Function'));
    expect(functions.map(({ Properties }) => Properties.KmsKeyArn)).toEqual(functions.map(() => keyArn));
  });

  test('lets its logs, their delivery, its alarms and its events use the key, and nobody else beside the account', () => {
    const statements = template.findResources('AWS::KMS::Key')[keyId]?.['Properties'].KeyPolicy.Statement;
    expect(statements).toEqual([
      {
        Effect: 'Allow',
        Action: 'kms:*',
        Principal: { AWS: arn('iam::111122223333:root') },
        Resource: '*',
      },
      {
        Effect: 'Allow',
        Action: ['kms:Decrypt*', 'kms:Describe*', 'kms:Encrypt*', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
        Principal: { Service: { 'Fn::Join': ['', ['logs.us-east-1.', { Ref: 'AWS::URLSuffix' }]] } },
        Resource: '*',
        Condition: {
          ArnLike: {
            'kms:EncryptionContext:aws:logs:arn': [
              arn('logs:us-east-1:111122223333:log-group:Shop-*'),
              arn('logs:us-east-1:111122223333:log-group:/aws/vendedlogs/states/jokes-*'),
            ],
          },
        },
      },
      {
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
        Principal: { Service: 'events.amazonaws.com' },
        Resource: '*',
        Condition: {
          StringEquals: {
            'aws:SourceAccount': '111122223333',
            'aws:SourceArn': arn('events:us-east-1:111122223333:event-bus/jokes'),
            'kms:EncryptionContext:aws:events:event-bus:arn': arn('events:us-east-1:111122223333:event-bus/jokes'),
          },
        },
      },
      {
        Effect: 'Allow',
        Action: 'kms:Decrypt*',
        Principal: { Service: 'delivery.logs.amazonaws.com' },
        Resource: '*',
      },
      {
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Resource: '*',
        Condition: {
          StringEquals: { 'aws:SourceAccount': '111122223333' },
          ArnLike: { 'aws:SourceArn': arn('cloudwatch:us-east-1:111122223333:alarm:jokes-*') },
        },
      },
      {
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Principal: { Service: 'events.amazonaws.com' },
        Resource: '*',
        Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
      },
    ]);
  });

  test('lets the role of the state machine use the key for this state machine and its logs only', () => {
    const statements = statementsOf(template, 'PipelineStateMachineRole').filter((one) =>
      JSON.stringify(one).includes('kms:'),
    );
    expect(statements).toEqual([
      {
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: keyArn,
        Condition: {
          StringEquals: {
            'kms:EncryptionContext:aws:states:stateMachineArn': arn('states:us-east-1:111122223333:stateMachine:jokes'),
          },
        },
      },
      {
        Effect: 'Allow',
        Action: 'kms:GenerateDataKey',
        Resource: keyArn,
        Condition: {
          StringEquals: { 'kms:EncryptionContext:SourceArn': arn('logs:us-east-1:111122223333:*') },
        },
      },
    ]);
  });

  test('gives no function a right to the key, but that which reads prompts from S3 and stores answers there', () => {
    for (const name of ['ValidateInput', 'LogResponse', 'LogFailure', 'ModelLifecycleCheckCheckModels'])
      expect(JSON.stringify(statementsOf(template, `Pipeline${name}Role`))).not.toContain('kms:');
  });
});

test('a key that the stack does not own draws a warning that says what its policy needs', () => {
  // Synthesis prints it, too.
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const stack = stackWith((scope) => Key.fromKeyArn(scope, 'Key', KEY_ARN));
  const warnings = Annotations.fromStack(stack).findWarning('*', Match.anyValue());
  expect(warnings.map(({ id, entry }) => [id, entry.data])).toEqual([
    [
      '/Shop/Pipeline',
      "encryptionKey: found a key whose policy is not this stack's; it must let CloudWatch Logs use it for the log " +
        'groups Shop-* and /aws/vendedlogs/states/jokes-*, and delivery.logs.amazonaws.com decrypt with it ' +
        '(README, "Encryption") [ack: orchestrated-bedrock-pipeline:keyPolicy]',
    ],
  ]);
});
