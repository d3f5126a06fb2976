import { describe, expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { App, Duration, Stack } from 'aws-cdk-lib/core';
import { Alarms } from '../../stacks/constructs/alarms.ts';
import { idOf } from './synthesise.ts';

const METRIC = new Metric({ namespace: 'N', metricName: 'M', statistic: 'Sum', period: Duration.minutes(5) });

const newStack = () => new Stack(new App(), 'Stack', { env: { region: 'us-east-1', account: '111122223333' } });

describe('without a topic of the user', () => {
  const stack = newStack();
  const alarms = new Alarms(stack, 'Alarms', { pipelineName: 'p' });
  alarms.add('Oh', { metric: METRIC, threshold: 3, description: 'Oh happened: do this.', evaluationPeriods: 2 });
  const template = Template.fromStack(stack);
  const topic = { Ref: idOf(template, 'AWS::SNS::Topic', 'AlarmsTopic') };
  const cloudWatch = {
    Effect: 'Allow',
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Condition: {
      StringEquals: { 'aws:SourceAccount': '111122223333' },
      ArnLike: {
        'aws:SourceArn': {
          'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':cloudwatch:us-east-1:111122223333:alarm:p-*']],
        },
      },
    },
  };

  test('an alarm tells the topic when it goes off and when it is over', () => {
    const [alarm] = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
    expect(alarm?.['Properties']).toEqual({
      AlarmName: 'p-Oh',
      AlarmDescription: 'Oh happened: do this.',
      Namespace: 'N',
      MetricName: 'M',
      Statistic: 'Sum',
      Period: 300,
      Threshold: 3,
      EvaluationPeriods: 2,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [topic],
      OKActions: [topic],
    });
  });

  test('the topic is encrypted with a key that turns, which the alarms of the pipeline may use', () => {
    const keyId = idOf(template, 'AWS::KMS::Key', 'AlarmsKey');
    const key = template.findResources('AWS::KMS::Key')[keyId];
    expect(template.findResources('AWS::SNS::Topic')[topic.Ref]?.['Properties']).toEqual({
      KmsMasterKeyId: { 'Fn::GetAtt': [keyId, 'Arn'] },
    });
    expect(key?.['Properties'].EnableKeyRotation).toBe(true);
    expect(key?.['Properties'].KeyPolicy.Statement.slice(1)).toEqual([
      { ...cloudWatch, Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], Resource: '*' },
    ]);
  });

  test('the topic takes messages from the alarms of the pipeline alone, and through TLS alone', () => {
    const [policy] = Object.values(template.findResources('AWS::SNS::TopicPolicy'));
    expect(policy?.['Properties'].PolicyDocument.Statement).toEqual([
      {
        Sid: 'AllowPublishThroughSSLOnly',
        Effect: 'Deny',
        Principal: '*',
        Action: 'sns:Publish',
        Resource: topic,
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
      { ...cloudWatch, Sid: '1', Action: 'sns:Publish', Resource: topic },
    ]);
  });
});

test('a topic of the user gets the messages, and no other is made', () => {
  const stack = newStack();
  const topic = Topic.fromTopicArn(stack, 'Mine', 'arn:aws:sns:us-east-1:111122223333:mine');
  const alarms = new Alarms(stack, 'Alarms', { pipelineName: 'p', topic });
  alarms.add('Oh', { metric: METRIC, threshold: 1, description: 'Oh happened: do this.' });
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::SNS::Topic', 0);
  template.resourceCountIs('AWS::KMS::Key', 0);
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    EvaluationPeriods: 1,
    AlarmActions: ['arn:aws:sns:us-east-1:111122223333:mine'],
  });
});
