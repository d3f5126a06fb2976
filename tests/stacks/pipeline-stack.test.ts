import { describe, expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { LogLevel } from 'aws-cdk-lib/aws-stepfunctions';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { REQUEST_TIMEOUT_MS } from '../../functions/shared/timeouts.ts';
import { type Definition, readDefinition, substitute } from '../../statemachine/definition.ts';
import { CDK_JSON, idOf, pipelineStack } from './synthesise.ts';

const STATES = ['ValidateInput', 'InvokeModel', 'LogResponse', 'LogFailure'];

const byDefault = Template.fromStack(pipelineStack());
const configured = Template.fromStack(
  pipelineStack({
    stackName: 'second',
    modelIds: ['us.anthropic.claude-haiku-5-5', 'us.anthropic.claude-haiku-4-5-20251001-v1:0'],
    retries: 5,
    retryDelay: Duration.seconds(40),
    logContent: false,
    logLevel: LogLevel.ERROR,
    logRetention: RetentionDays.ONE_WEEK,
    removalPolicy: RemovalPolicy.RETAIN,
  }),
);

const propertiesOf = (template: Template, type: string, path: string) =>
  template.findResources(type)[idOf(template, type, path)]?.['Properties'];

const stateMachineOf = (template: Template) =>
  propertiesOf(template, 'AWS::StepFunctions::StateMachine', 'PipelineStateMachine');

const definitionOf = (template: Template): Definition => JSON.parse(stateMachineOf(template).DefinitionString);

const functionOf = (template: Template, state: string) =>
  propertiesOf(template, 'AWS::Lambda::Function', `Pipeline${state}Function`);

describe('the functions', () => {
  test.each([
    ['ValidateInput', 10, 256, 'Rejects what breaks the input contract, fills in defaults, logs the prompt'],
    ['InvokeModel', 190, 512, 'Makes one call to one model on Amazon Bedrock'],
    ['LogResponse', 10, 256, 'Logs the answer'],
    ['LogFailure', 10, 256, 'Logs a failure and words its cause for a person'],
  ])('%s has the house settings, %i s and %i MB', (state, Timeout, MemorySize, Description) => {
    const { Code, Environment, ...settings } = functionOf(byDefault, state);
    expect(settings).toEqual({
      Description,
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout,
      MemorySize,
      Role: { 'Fn::GetAtt': [idOf(byDefault, 'AWS::IAM::Role', `Pipeline${state}Role`), 'Arn'] },
      LoggingConfig: {
        LogFormat: 'JSON',
        LogGroup: { Ref: idOf(byDefault, 'AWS::Logs::LogGroup', `Pipeline${state}Logs`) },
      },
      TracingConfig: { Mode: 'Active' },
    });
  });

  test('each gets the environment that it reads and no more', () => {
    const environments = (template: Template) =>
      STATES.map((state) => functionOf(template, state).Environment.Variables);
    const named = { POWERTOOLS_SERVICE_NAME: 'OrchestratedBedrockPipeline' };
    const second = { POWERTOOLS_SERVICE_NAME: 'second' };
    const bucketOf = (template: Template) => ({ Ref: idOf(template, 'AWS::S3::Bucket', 'PipelinePayloadsBucket') });
    const s3 = (template: Template) => ({
      PROMPT_LOCATIONS: { 'Fn::Join': ['', ['s3://', bucketOf(template), '/prompts/']] },
    });
    expect(environments(byDefault)).toEqual([
      {
        ...named,
        MODEL_IDS: 'global.anthropic.claude-haiku-5-5,global.anthropic.claude-haiku-4-5-20251001-v1:0',
        LOG_CONTENT: 'true',
        ...s3(byDefault),
      },
      { ...named, LOG_CONTENT: 'true', PAYLOAD_BUCKET: bucketOf(byDefault) },
      { ...named, LOG_CONTENT: 'true' },
      named,
    ]);
    expect(environments(configured)).toEqual([
      {
        ...second,
        MODEL_IDS: 'us.anthropic.claude-haiku-5-5,us.anthropic.claude-haiku-4-5-20251001-v1:0',
        LOG_CONTENT: 'false',
        ...s3(configured),
      },
      { ...second, LOG_CONTENT: 'false', PAYLOAD_BUCKET: bucketOf(configured) },
      { ...second, LOG_CONTENT: 'false' },
      second,
    ]);
  });

  test('each stops before the state that waits for it, and the request to Bedrock before its function', () => {
    const { States } = definitionOf(byDefault);
    for (const state of STATES) {
      expect(functionOf(byDefault, state).Timeout).toBeLessThan(Number(States[state]?.['TimeoutSeconds']));
    }
    expect(REQUEST_TIMEOUT_MS / 1000).toBeLessThan(functionOf(byDefault, 'InvokeModel').Timeout);
  });
});

describe('the state machine', () => {
  test('runs the ASL file, with the partition and the four functions filled in', () => {
    const { DefinitionSubstitutions } = stateMachineOf(byDefault);
    const arnOf = (state: string) => ({
      'Fn::GetAtt': [idOf(byDefault, 'AWS::Lambda::Function', `Pipeline${state}Function`), 'Arn'],
    });
    expect(DefinitionSubstitutions).toEqual({
      Partition: { Ref: 'AWS::Partition' },
      ValidateInputFunctionArn: arnOf('ValidateInput'),
      InvokeModelFunctionArn: arnOf('InvokeModel'),
      LogResponseFunctionArn: arnOf('LogResponse'),
      LogFailureFunctionArn: arnOf('LogFailure'),
      EventBusName: { 'Fn::GetAtt': [idOf(byDefault, 'AWS::Events::EventBus', 'PipelineEventBus'), 'Arn'] },
      AnnounceContent: 'true',
      Announcements: '1',
    });
    expect(definitionOf(byDefault)).toEqual(readDefinition());
    const values = Object.fromEntries(Object.keys(DefinitionSubstitutions).map((name) => [name, `<${name}>`]));
    const deployed = substitute(definitionOf(byDefault), values);
    expect(
      STATES.map((state) => [deployed.States[state]?.['Resource'], deployed.States[state]?.['Arguments']]),
    ).toEqual(
      STATES.map((state) => [
        'arn:<Partition>:states:::lambda:invoke',
        expect.objectContaining({ FunctionName: `<${state}FunctionArn>` }),
      ]),
    );
  });

  test('has the retry policy that was asked for in both retriers', () => {
    expect(definitionOf(configured)).toEqual(readDefinition({ retries: 5, retryDelaySeconds: 40 }));
    const retriers = definitionOf(configured).States['InvokeModel']?.Retry;
    expect(retriers?.map(({ MaxAttempts, IntervalSeconds }) => [MaxAttempts, IntervalSeconds])).toEqual([
      [5, 40],
      [5, 40],
    ]);
  });

  test('is a standard one, traced, logging everything unless told otherwise', () => {
    const expected = (template: Template, logging: { Level: string; IncludeExecutionData: boolean }) => ({
      DefinitionString: expect.any(String),
      DefinitionSubstitutions: expect.any(Object),
      RoleArn: { 'Fn::GetAtt': [idOf(template, 'AWS::IAM::Role', 'PipelineStateMachineRole'), 'Arn'] },
      StateMachineType: 'STANDARD',
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: {
        ...logging,
        Destinations: [
          {
            CloudWatchLogsLogGroup: {
              LogGroupArn: { 'Fn::GetAtt': [idOf(template, 'AWS::Logs::LogGroup', 'PipelineStateMachineLogs'), 'Arn'] },
            },
          },
        ],
      },
    });
    expect(stateMachineOf(byDefault)).toEqual({
      StateMachineName: 'OrchestratedBedrockPipeline',
      ...expected(byDefault, { Level: 'ALL', IncludeExecutionData: true }),
    });
    expect(stateMachineOf(configured)).toEqual({
      StateMachineName: 'second',
      ...expected(configured, { Level: 'ERROR', IncludeExecutionData: false }),
    });
  });

  test('logs execution data by its own setting when there is one', () => {
    const template = Template.fromStack(pipelineStack({ logContent: true, includeExecutionData: false }));
    expect(stateMachineOf(template).LoggingConfiguration.IncludeExecutionData).toBe(false);
    expect(functionOf(template, 'LogResponse').Environment.Variables).toMatchObject({ LOG_CONTENT: 'true' });
  });
});

describe('the log groups', () => {
  test.each([
    ['by default', byDefault, 'OrchestratedBedrockPipeline', 30, 'Delete'],
    ['when configured', configured, 'second', 7, 'Retain'],
  ])('are one a function and one a state machine, kept as asked %s', (_, template, stackName, days, policy) => {
    const groups = Object.values(template.findResources('AWS::Logs::LogGroup'));
    expect(groups).toHaveLength(7);
    for (const group of groups) {
      expect(group).toMatchObject({ DeletionPolicy: policy, UpdateReplacePolicy: policy });
      expect(group['Properties'].RetentionInDays).toBe(days);
    }
    const stackUuid = { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] };
    const creationId = { 'Fn::Select': [4, { 'Fn::Split': ['-', stackUuid] }] };
    expect(groups.map((group) => group['Properties'].LogGroupName)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      { 'Fn::Join': ['', [`/aws/vendedlogs/states/${stackName}-`, creationId]] },
      { 'Fn::Join': ['', [`/aws/vendedlogs/states/${stackName}-starter-`, creationId]] },
      undefined,
    ]);
  });
});

test('the outputs say what was made and what to type next', () => {
  const arn = { Ref: idOf(byDefault, 'AWS::StepFunctions::StateMachine', 'PipelineStateMachine') };
  const joined = (...parts: unknown[]) => ({ 'Fn::Join': ['', parts] });
  const logGroups = [
    'PipelineStateMachineLogs',
    ...STATES.map((state) => `Pipeline${state}Logs`),
    'PipelineEventsStarterLogs',
    'PipelineModelLifecycleCheckCheckModelsLogs',
  ].map((path) => ({ Ref: idOf(byDefault, 'AWS::Logs::LogGroup', path) }));
  const eventBus = { Ref: idOf(byDefault, 'AWS::Events::EventBus', 'PipelineEventBus') };
  const values = Object.entries(byDefault.findOutputs('*')).map(([name, { Value }]) => [name, Value]);
  expect(Object.fromEntries(values)).toEqual({
    StateMachineArn: arn,
    ConsoleUrl: joined('https://console.aws.amazon.com/states/home?region=us-east-1#/statemachines/view/', arn),
    LogGroups: joined(...logGroups.flatMap((group, index) => (index === 0 ? [group] : [', ', group]))),
    DashboardUrl:
      'https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#dashboards/dashboard/OrchestratedBedrockPipeline',
    PayloadBucket: { Ref: idOf(byDefault, 'AWS::S3::Bucket', 'PipelinePayloadsBucket') },
    AlarmTopicArn: { Ref: idOf(byDefault, 'AWS::SNS::Topic', 'PipelineAlarmsTopic') },
    StartCommand: joined(
      'aws stepfunctions start-execution --region us-east-1 --state-machine-arn ',
      arn,
      ` --input '{"prompt":"Tell me a joke"}'`,
    ),
    NextCommand: joined('STATE_MACHINE_ARN=', arn, ' npm start -- "Tell me a joke"'),
    EventBusName: eventBus,
    SendCommand: joined('EVENT_BUS_NAME=', eventBus, ' AWS_REGION=us-east-1 npm run send -- "Tell me a joke"'),
    DeadLetterQueueUrl: { Ref: idOf(byDefault, 'AWS::SQS::Queue', 'PipelineEventsDeadLetterQueue') },
  });
});

describe('where it is deployed', () => {
  test('may be left open with a global profile', () => {
    expect(() => Template.fromStack(pipelineStack({ env: {} }))).not.toThrow();
  });

  test('must be known with a geographic profile', () => {
    expect(() => pipelineStack({ env: {}, modelIds: ['jp.anthropic.claude-haiku-5-5'] })).toThrow(
      'modelIds: found jp.anthropic.claude-haiku-5-5, but the Region is not known: ' +
        'profile jp. can be called from ap-northeast-1, ap-northeast-3; set AWS_REGION to one',
    );
  });

  test('draws a warning for global profiles outside the commercial Regions, and only there', () => {
    const warningsIn = (region: string) =>
      pipelineStack({ env: { region } })
        .node.findChild('Pipeline')
        .node.metadata.filter(({ type }) => type === 'aws:cdk:warning')
        .map(({ data }) => data);
    expect(warningsIn('ap-southeast-5')).toEqual([]);
    expect(warningsIn('cn-north-1')).toEqual([
      'Global profiles can be called from commercial Regions only, not from cn-north-1: ' +
        'global.anthropic.claude-haiku-5-5, global.anthropic.claude-haiku-4-5-20251001-v1:0 ' +
        '[ack: orchestrated-bedrock-pipeline:globalProfileRegion]',
    ]);
  });
});

test('cdk.json holds the feature flags that the installed aws-cdk-lib recommends', () => {
  const { 'cli-telemetry': telemetry, ...flags } = CDK_JSON.context;
  expect(telemetry).toBe(false);
  expect(flags).toEqual(recommendedFlags);
});
