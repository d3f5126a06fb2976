import { describe, expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { idOf, pipelineStack, statementsOf } from './synthesise.ts';

const template = Template.fromStack(
  pipelineStack({ modelIds: ['global.anthropic.claude-haiku-5-5', 'us.anthropic.claude-haiku-5-5'] }),
);

const arnOf = (type: string, path: string) => ({ 'Fn::GetAtt': [idOf(template, type, path), 'Arn'] });
const bedrockArn = (rest: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:bedrock:${rest}`]] });

const objects = (keys: string) => ({
  'Fn::Join': ['', [arnOf('AWS::S3::Bucket', 'PipelinePayloadsBucket'), `/${keys}`]],
});

/** What InvokeModel may do with the bucket of payloads, which has one logical id in every stack of these tests. */
const ownObjects = [
  { Effect: 'Allow', Action: 's3:GetObject', Resource: objects('prompts/*') },
  { Effect: 'Allow', Action: 's3:PutObject', Resource: objects('responses/*') },
];

const ownLogsAndTraces = (state: string) => [
  {
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: arnOf('AWS::Logs::LogGroup', `Pipeline${state}Logs`),
  },
  { Effect: 'Allow', Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], Resource: '*' },
];

describe('the roles', () => {
  test('are nine, one a function, one a state machine, one for the schedule and one for EventBridge, without managed or inline policies', () => {
    const roles = template.findResources('AWS::IAM::Role');
    expect(Object.keys(roles).map((id) => id.slice(0, -8))).toEqual([
      'PipelineValidateInputRole',
      'PipelineInvokeModelRole',
      'PipelineLogResponseRole',
      'PipelineLogFailureRole',
      'PipelineStateMachineRole',
      'PipelineEventsStarterStateMachineRole',
      'PipelineEventsRuleRole',
      'PipelineModelLifecycleCheckCheckModelsRole',
      'PipelineModelLifecycleCheckSchedulerRole',
    ]);
    for (const { Properties } of Object.values(roles))
      expect(Object.keys(Properties)).toEqual(['AssumeRolePolicyDocument']);
    template.resourceCountIs('AWS::IAM::Policy', 9);
    template.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
    template.resourceCountIs('AWS::Lambda::Permission', 0);
  });

  test.each(['LogResponse', 'LogFailure'])('%s may write its own logs and traces only', (state) => {
    expect(statementsOf(template, `Pipeline${state}Role`)).toEqual(ownLogsAndTraces(state));
  });

  test('ValidateInput may besides look at prompts, and be told of those that are not there', () => {
    expect(statementsOf(template, 'PipelineValidateInputRole')).toEqual([
      ...ownLogsAndTraces('ValidateInput'),
      { Effect: 'Allow', Action: 's3:GetObject', Resource: objects('prompts/*') },
      { Effect: 'Allow', Action: 's3:ListBucket', Resource: arnOf('AWS::S3::Bucket', 'PipelinePayloadsBucket') },
    ]);
  });

  test('InvokeModel may besides read prompts, store answers and invoke the deployed models, each through its own profile', () => {
    const model = 'foundation-model/anthropic.claude-haiku-5-5';
    const globalProfile = bedrockArn('us-east-1:111122223333:inference-profile/global.anthropic.claude-haiku-5-5');
    const usProfile = bedrockArn('us-east-1:111122223333:inference-profile/us.anthropic.claude-haiku-5-5');
    const mayInvoke = { Effect: 'Allow', Action: 'bedrock:InvokeModel' };
    expect(statementsOf(template, 'PipelineInvokeModelRole')).toEqual([
      ...ownLogsAndTraces('InvokeModel'),
      {
        ...mayInvoke,
        Resource: globalProfile,
        Condition: { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } },
      },
      {
        ...mayInvoke,
        Resource: bedrockArn(`us-east-1::${model}`),
        Condition: {
          StringEquals: { 'aws:RequestedRegion': 'us-east-1', 'bedrock:InferenceProfileArn': globalProfile },
        },
      },
      {
        ...mayInvoke,
        Resource: bedrockArn(`::${model}`),
        Condition: {
          StringEquals: { 'aws:RequestedRegion': 'unspecified', 'bedrock:InferenceProfileArn': globalProfile },
        },
      },
      { ...mayInvoke, Resource: usProfile },
      {
        ...mayInvoke,
        Resource: ['us-east-1', 'us-east-2', 'us-west-2'].map((region) => bedrockArn(`${region}::${model}`)),
        Condition: { StringEquals: { 'bedrock:InferenceProfileArn': usProfile } },
      },
      ...ownObjects,
    ]);
  });

  test('InvokeModel may besides invoke a model that has no profile, in its Region alone', () => {
    const bare = Template.fromStack(
      pipelineStack({
        modelIds: ['anthropic.claude-3-5-haiku-20241022-v1:0'],
        now: Date.parse('2026-06-01'),
      }),
    );
    expect(statementsOf(bare, 'PipelineInvokeModelRole')).toEqual([
      ...ownLogsAndTraces('InvokeModel'),
      {
        Effect: 'Allow',
        Action: 'bedrock:InvokeModel',
        Resource: bedrockArn('us-east-1::foundation-model/anthropic.claude-3-5-haiku-20241022-v1:0'),
      },
      ...ownObjects,
    ]);
  });

  const deliveredLogsAndTraces = {
    Effect: 'Allow',
    Action: [
      'logs:CreateLogDelivery',
      'logs:DeleteLogDelivery',
      'logs:DescribeLogGroups',
      'logs:DescribeResourcePolicies',
      'logs:GetLogDelivery',
      'logs:ListLogDeliveries',
      'logs:PutResourcePolicy',
      'logs:UpdateLogDelivery',
      'xray:GetSamplingRules',
      'xray:GetSamplingTargets',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ],
    Resource: '*',
  };
  const pipeline = { Ref: idOf(template, 'AWS::StepFunctions::StateMachine', 'PipelineStateMachine') };

  test('the state machine may invoke its four functions, not their versions, and put its own events on its bus', () => {
    expect(statementsOf(template, 'PipelineStateMachineRole')).toEqual([
      deliveredLogsAndTraces,
      {
        Effect: 'Allow',
        Action: 'lambda:InvokeFunction',
        Resource: ['InvokeModel', 'LogFailure', 'LogResponse', 'ValidateInput'].map((state) =>
          arnOf('AWS::Lambda::Function', `Pipeline${state}Function`),
        ),
      },
      {
        Effect: 'Allow',
        Action: 'events:PutEvents',
        Resource: arnOf('AWS::Events::EventBus', 'PipelineEventBus'),
        Condition: { 'ForAllValues:StringEquals': { 'events:source': ['orchestrated-bedrock-pipeline'] } },
      },
    ]);
  });

  test('the starter may start the pipeline and keep what it could not start', () => {
    expect(statementsOf(template, 'PipelineEventsStarterStateMachineRole')).toEqual([
      deliveredLogsAndTraces,
      { Effect: 'Allow', Action: 'states:StartExecution', Resource: pipeline },
      {
        Effect: 'Allow',
        Action: 'sqs:SendMessage',
        Resource: arnOf('AWS::SQS::Queue', 'PipelineEventsDeadLetterQueue'),
      },
    ]);
  });

  test('EventBridge may start the starter, and nothing else', () => {
    const starter = { Ref: idOf(template, 'AWS::StepFunctions::StateMachine', 'PipelineEventsStarterStateMachine') };
    expect(statementsOf(template, 'PipelineEventsRuleRole')).toEqual([
      { Effect: 'Allow', Action: 'states:StartExecution', Resource: starter },
    ]);
  });

  test('are assumed by their service only', () => {
    const principals = Object.values(template.findResources('AWS::IAM::Role')).map(
      ({ Properties }) => Properties.AssumeRolePolicyDocument.Statement,
    );
    const lambda = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }];
    const stepFunctions = [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'states.amazonaws.com' },
        Condition: {
          ArnLike: { 'aws:SourceArn': 'arn:aws:states:us-east-1:111122223333:stateMachine:*' },
          StringEquals: { 'aws:SourceAccount': '111122223333' },
        },
      },
    ];
    const ofAccount = (Service: string) => [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service },
        Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
      },
    ];
    expect(principals).toEqual([
      ...[lambda, lambda, lambda, lambda, stepFunctions],
      ...[stepFunctions, ofAccount('events.amazonaws.com')],
      ...[lambda, ofAccount('scheduler.amazonaws.com')],
    ]);
  });
});
