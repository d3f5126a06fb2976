import { describe, expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { App, Stack } from 'aws-cdk-lib/core';
import { BedrockPipeline, type BedrockPipelineProps } from '../../stacks/constructs/bedrock-pipeline.ts';
import { readDefinition, readStarterDefinition, withoutAnnouncements } from '../../statemachine/definition.ts';
import { PROMPT_RULE } from '../../statemachine/events.ts';
import { BUNDLES, idOf, NOW, pipelineStack, statementsOf } from './synthesise.ts';

function templateOf(propsIn: (stack: Stack) => BedrockPipelineProps): Template {
  const stack = new Stack(new App(), 'Shop', { env: { region: 'us-east-1', account: '111122223333' } });
  new BedrockPipeline(stack, 'Pipeline', { bundles: BUNDLES, now: NOW, pipelineName: 'jokes', ...propsIn(stack) });
  return Template.fromStack(stack);
}

/** The properties of the only resource of a type. */
function only(template: Template, type: string): Record<string, never> {
  const [resource, ...others] = Object.values(template.findResources(type));
  expect(others).toEqual([]);
  return resource?.['Properties'];
}

const machines = (template: Template) =>
  Object.values(template.findResources('AWS::StepFunctions::StateMachine')).map(({ Properties }) => Properties);

const byDefault = Template.fromStack(pipelineStack());
const arnOf = (template: Template, type: string, path: string) => ({
  'Fn::GetAtt': [idOf(template, type, path), 'Arn'],
});
const queue = arnOf(byDefault, 'AWS::SQS::Queue', 'PipelineEventsDeadLetterQueue');

describe('a bus of its own', () => {
  test('has one rule, which gives each prompt to the starter, for an hour, and then to a queue', () => {
    expect(only(byDefault, 'AWS::Events::EventBus')['Name']).toBe('OrchestratedBedrockPipeline');
    expect(only(byDefault, 'AWS::Events::Rule')).toEqual({
      Description: 'Starts OrchestratedBedrockPipeline for each prompt',
      EventBusName: { Ref: idOf(byDefault, 'AWS::Events::EventBus', 'PipelineEventBus') },
      EventPattern: { source: ['orchestrated-bedrock-pipeline.client'], 'detail-type': ['PromptSubmitted'] },
      State: 'ENABLED',
      Targets: [
        {
          Id: 'Target0',
          Arn: { Ref: idOf(byDefault, 'AWS::StepFunctions::StateMachine', 'PipelineEventsStarterStateMachine') },
          RoleArn: arnOf(byDefault, 'AWS::IAM::Role', 'PipelineEventsRuleRole'),
          InputTransformer: {
            InputPathsMap: { eventId: '$.id', input: '$.detail' },
            InputTemplate: PROMPT_RULE.inputTransformer.InputTemplate,
          },
          RetryPolicy: { MaximumRetryAttempts: 60, MaximumEventAgeInSeconds: 3600 },
          DeadLetterConfig: { Arn: queue },
        },
      ],
    });
  });

  test('has a starter that is express and runs its ASL file', () => {
    const [, starter] = machines(byDefault);
    expect([starter.StateMachineName, starter.StateMachineType]).toEqual([
      'OrchestratedBedrockPipeline-starter',
      'EXPRESS',
    ]);
    expect(JSON.parse(starter.DefinitionString)).toEqual(readStarterDefinition());
    expect(starter.DefinitionSubstitutions).toEqual({
      Partition: { Ref: 'AWS::Partition' },
      PipelineStateMachineArn: { Ref: idOf(byDefault, 'AWS::StepFunctions::StateMachine', 'PipelineStateMachine') },
      DeadLetterQueueUrl: { Ref: idOf(byDefault, 'AWS::SQS::Queue', 'PipelineEventsDeadLetterQueue') },
    });
  });

  test('has a queue that keeps what was lost for 14 days, encrypted, from the rule alone', () => {
    expect(only(byDefault, 'AWS::SQS::Queue')).toEqual({
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
    });
    expect(only(byDefault, 'AWS::SQS::QueuePolicy')).toMatchObject({
      PolicyDocument: {
        Statement: [
          { Effect: 'Deny', Action: 'sqs:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
          {
            Effect: 'Allow',
            Action: 'sqs:SendMessage',
            Principal: { Service: 'events.amazonaws.com' },
            Resource: queue,
            Condition: { ArnEquals: { 'aws:SourceArn': arnOf(byDefault, 'AWS::Events::Rule', 'PipelineEventsRule') } },
          },
        ],
      },
    });
  });

  test('has an alarm that goes off at the first event in that queue, and at one that the starter could not put there', () => {
    const alarms = Object.values(byDefault.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
    const starter = { Ref: idOf(byDefault, 'AWS::StepFunctions::StateMachine', 'PipelineEventsStarterStateMachine') };
    const ofStarter = (Id: string, MetricName: string) => ({
      Id,
      MetricStat: {
        Metric: { Namespace: 'AWS/States', MetricName, Dimensions: [{ Name: 'StateMachineArn', Value: starter }] },
        Period: 300,
        Stat: 'Sum',
      },
      ReturnData: false,
    });
    const QueueName = {
      'Fn::GetAtt': [idOf(byDefault, 'AWS::SQS::Queue', 'PipelineEventsDeadLetterQueue'), 'QueueName'],
    };
    expect(alarms.find(({ AlarmName }) => AlarmName.endsWith('-UndeliveredEvents'))).toMatchObject({
      Metrics: [
        { Expression: 'FILL(kept, 0) + FILL(failed, 0) + FILL(timedOut, 0)' },
        {
          Id: 'kept',
          MetricStat: {
            Metric: {
              Namespace: 'AWS/SQS',
              MetricName: 'ApproximateNumberOfMessagesVisible',
              Dimensions: [{ Name: 'QueueName', Value: QueueName }],
            },
            Period: 300,
            Stat: 'Maximum',
          },
          ReturnData: false,
        },
        ofStarter('failed', 'ExecutionsFailed'),
        ofStarter('timedOut', 'ExecutionsTimedOut'),
      ],
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
  });
});

test("the account's default bus takes prompts where it is asked for", () => {
  const template = templateOf(() => ({ eventBus: 'default' }));
  template.resourceCountIs('AWS::Events::EventBus', 0);
  expect(only(template, 'AWS::Events::Rule')['EventBusName']).toBe('default');
  const bus = {
    'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':events:us-east-1:111122223333:event-bus/default']],
  };
  expect(machines(template)[0].DefinitionSubstitutions.EventBusName).toEqual(bus);
  expect(statementsOf(template, 'PipelineStateMachineRole')).toContainEqual(
    expect.objectContaining({ Action: 'events:PutEvents', Resource: bus }),
  );
});

test('a bus that is there takes prompts where it is given', () => {
  const template = templateOf((stack) => ({ eventBus: EventBus.fromEventBusName(stack, 'Shared', 'orders') }));
  template.resourceCountIs('AWS::Events::EventBus', 0);
  expect(only(template, 'AWS::Events::Rule')['EventBusName']).toBe('orders');
});

test('without a bus nothing comes in as an event and nothing is announced', () => {
  const template = templateOf(() => ({ eventBus: 'none' }));
  for (const type of ['AWS::Events::EventBus', 'AWS::Events::Rule', 'AWS::SQS::Queue'])
    template.resourceCountIs(type, 0);
  const [pipeline, ...others] = machines(template);
  expect([others, JSON.parse(pipeline.DefinitionString)]).toEqual([[], withoutAnnouncements(readDefinition())]);
  expect(pipeline.DefinitionSubstitutions).toMatchObject({ Announcements: '0' });
  expect(Object.keys(pipeline.DefinitionSubstitutions)).not.toContain('EventBusName');
  expect(JSON.stringify(statementsOf(template, 'PipelineStateMachineRole'))).not.toContain('events:');
});

test.each<[BedrockPipelineProps, string]>([
  [{}, 'true'],
  [{ logContent: false }, 'false'],
  [{ logContent: false, announceContent: true }, 'true'],
  [{ announceContent: false }, 'false'],
])('with %j answers are announced: %s', (props, expected) => {
  expect(machines(templateOf(() => props))[0].DefinitionSubstitutions.AnnounceContent).toBe(expected);
});

test('a key of the account encrypts bus and queue, and the starter may send to it', () => {
  const template = templateOf((stack) => ({ encryptionKey: new Key(stack, 'Key') }));
  const key = arnOf(template, 'AWS::KMS::Key', 'Key');
  expect(only(template, 'AWS::Events::EventBus')['KmsKeyIdentifier']).toEqual(key);
  expect(only(template, 'AWS::SQS::Queue')['KmsMasterKeyId']).toEqual(key);
  expect(statementsOf(template, 'PipelineEventsStarterStateMachineRole')).toContainEqual({
    Effect: 'Allow',
    Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
    Resource: key,
  });
});

test('the starter of a pipeline whose name is long has a name that is not too long', () => {
  const template = templateOf(() => ({ pipelineName: 'x'.repeat(80) }));
  expect(machines(template).map(({ StateMachineName }) => StateMachineName)).toEqual([
    'x'.repeat(80),
    `${'x'.repeat(72)}-starter`,
  ]);
});
