import { describe, expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { idOf, pipelineStack, statementsOf } from './synthesise.ts';

const modelIds = [
  'global.anthropic.claude-haiku-5-5',
  'us.anthropic.claude-haiku-5-5',
  'us.anthropic.claude-haiku-4-5-20251001-v1:0',
];
const template = Template.fromStack(pipelineStack({ modelIds }));
const FUNCTION = 'PipelineModelLifecycleCheckCheckModelsFunction';

const arnOf = (type: string, path: string) => ({ 'Fn::GetAtt': [idOf(template, type, path), 'Arn'] });

test('the function asks for the models of the chain, each foundation model once, and may read nothing else', () => {
  const { Properties } =
    template.findResources('AWS::Lambda::Function')[idOf(template, 'AWS::Lambda::Function', FUNCTION)] ?? {};
  expect(Properties.Environment.Variables).toEqual({
    POWERTOOLS_SERVICE_NAME: 'OrchestratedBedrockPipeline',
    MODEL_IDS: modelIds.join(','),
  });
  const modelArn = (id: string) => ({
    'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:bedrock:us-east-1::foundation-model/${id}`]],
  });
  expect(statementsOf(template, 'PipelineModelLifecycleCheckCheckModelsRole')).toEqual([
    {
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: arnOf('AWS::Logs::LogGroup', 'PipelineModelLifecycleCheckCheckModelsLogs'),
    },
    { Effect: 'Allow', Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], Resource: '*' },
    {
      Effect: 'Allow',
      Action: 'bedrock:GetFoundationModel',
      Resource: [modelArn('anthropic.claude-haiku-4-5-20251001-v1:0'), modelArn('anthropic.claude-haiku-5-5')],
    },
  ]);
});

test('a schedule invokes it twice a day, and may do nothing else', () => {
  const role = 'PipelineModelLifecycleCheckSchedulerRole';
  const [schedule] = Object.values(template.findResources('AWS::Scheduler::Schedule'));
  expect(schedule?.['Properties']).toMatchObject({
    ScheduleExpression: 'rate(12 hours)',
    State: 'ENABLED',
    Target: { Arn: arnOf('AWS::Lambda::Function', FUNCTION), RoleArn: arnOf('AWS::IAM::Role', role) },
  });
  expect(statementsOf(template, role)).toEqual([
    { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: arnOf('AWS::Lambda::Function', FUNCTION) },
  ]);
  const { Properties } = template.findResources('AWS::IAM::Role')[idOf(template, 'AWS::IAM::Role', role)] ?? {};
  expect(Properties.AssumeRolePolicyDocument.Statement).toEqual([
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: 'scheduler.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
    },
  ]);
});

describe('the alarm', () => {
  const alarmOf = (name: string) =>
    Object.values(template.findResources('AWS::CloudWatch::Alarm'))
      .map(({ Properties }) => Properties)
      .find(({ AlarmName }) => AlarmName === `OrchestratedBedrockPipeline-${name}`);
  const daily = { Threshold: 1, Period: 86_400, EvaluationPeriods: 1, TreatMissingData: 'notBreaching' };

  test('ModelsNearEndOfLife goes off for a day on which a check counted a model', () => {
    expect(alarmOf('ModelsNearEndOfLife')).toMatchObject({
      ...daily,
      Namespace: 'OrchestratedBedrockPipeline',
      MetricName: 'ModelsNearEndOfLife',
      Dimensions: [{ Name: 'Pipeline', Value: 'OrchestratedBedrockPipeline' }],
      Statistic: 'Maximum',
      AlarmDescription:
        'Models of the chain are legacy or end within 90 days; then calls to them fail. The log of CheckModels names ' +
        'them and what to use instead: change MODEL_IDS and deploy.',
    });
  });

  test('ModelChecks goes off when a check failed in each of its three attempts', () => {
    expect(alarmOf('ModelChecks')).toMatchObject({
      ...daily,
      Threshold: 3,
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: idOf(template, 'AWS::Lambda::Function', FUNCTION) } }],
      Statistic: 'Sum',
      AlarmDescription:
        'CheckModels cannot ask Bedrock for the lifecycle of the models: their end would come unannounced. Read its ' +
        'log; in a VPC it needs an endpoint for bedrock.',
    });
  });
});

test('without the check there is no schedule, no function and no alarm for it', () => {
  const without = Template.fromStack(pipelineStack({ modelLifecycleCheck: false }));
  without.resourceCountIs('AWS::Scheduler::Schedule', 0);
  without.resourceCountIs('AWS::Lambda::Function', 4);
  expect(JSON.stringify(without.toJSON())).not.toContain('ModelsNearEndOfLife');
});
