import { BedrockClient } from '@aws-sdk/client-bedrock';
import { expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { App, Stack } from 'aws-cdk-lib/core';
import { createCheckModels } from '../../functions/check-models/check-models.ts';
import { createLambdaMetrics } from '../../functions/shared/metrics.ts';
import { BedrockPipeline } from '../../stacks/constructs/bedrock-pipeline.ts';
import { recordingLog } from '../functions/recording-log.ts';
import { runPipeline } from '../support/pipeline.ts';
import { metricsOfAlarms, metricsOfDashboard, widgetsOf, wordMetric } from './named-metrics.ts';
import { BUNDLES, NOW, pipelineStack } from './synthesise.ts';

const HAIKU_5 = 'global.anthropic.claude-haiku-5-5';
const HAIKU_4 = 'global.anthropic.claude-haiku-4-5-20251001-v1:0';

const template = Template.fromStack(pipelineStack({ tokensPerMinuteQuotas: { [HAIKU_5]: 2_000_000 } }));

/** By the name of the dimension. */
const AWS_METRICS: Record<string, [dimension: string, names: string[]]> = {
  // AWS Step Functions developer guide, "Step Functions metrics for CloudWatch", execution metrics.
  'AWS/States': [
    'StateMachineArn',
    [
      'ExecutionTime',
      'ExecutionThrottled',
      'ExecutionsAborted',
      'ExecutionsFailed',
      'ExecutionsStarted',
      'ExecutionsSucceeded',
      'ExecutionsTimedOut',
    ],
  ],
  // AWS Lambda developer guide, "Types of metrics for Lambda functions".
  'AWS/Lambda': ['FunctionName', ['Duration', 'Errors', 'Throttles']],
  // Amazon Bedrock user guide, "Monitor bedrock-runtime inference using CloudWatch metrics".
  'AWS/SQS': ['QueueName', ['ApproximateNumberOfMessagesVisible']],
  'AWS/Bedrock': ['ModelId', ['EstimatedTPMQuotaUsage', 'InvocationThrottles']],
};

/** As the specification of the embedded metric format names it. */
interface MetricDirective {
  Namespace: string;
  Dimensions: string[][];
  Metrics: { Name: string }[];
}

/** What a check of the models reports, as EMF. */
async function reportedByCheck(): Promise<Record<string, unknown>> {
  const lines: string[] = [];
  const metrics = createLambdaMetrics({ write: (line) => lines.push(line) });
  const client = new BedrockClient({ region: 'us-east-1' });
  await createCheckModels({ client, log: recordingLog(), metrics, now: () => NOW, modelIds: [] })();
  return JSON.parse(lines[0] ?? '');
}

/** The metrics that the functions report, in executions of every kind. */
async function reported(): Promise<Set<string>> {
  const gone = { error: 'ResourceNotFoundException' };
  const cached = { cacheReadInputTokens: 1_000, cacheWriteInputTokens: 500 };
  const usage = { inputTokens: 10, outputTokens: 20, totalTokens: 1_530, ...cached };
  const runs = await Promise.all([
    runPipeline({ prompt: 'Tell me a joke' }, [gone, { text: 'Knock, knock.', usage }]),
    runPipeline({ prompt: 'Tell me a joke' }, [gone, gone]),
    runPipeline({}, []),
  ]);
  const directives = [...runs.flatMap(({ metrics }) => metrics), await reportedByCheck()].flatMap(
    ({ _aws }) => (_aws as { CloudWatchMetrics: MetricDirective[] }).CloudWatchMetrics,
  );
  return new Set(
    directives.flatMap(({ Namespace, Dimensions: [names = []], Metrics }) =>
      Metrics.map(({ Name }) => wordMetric(Namespace, Name, names)),
    ),
  );
}

test('every metric of dashboard and alarms is one that the functions report or that AWS documents, and each is used', async () => {
  const own = await reported();
  const aws = Object.entries(AWS_METRICS).flatMap(([namespace, [dimension, names]]) =>
    names.map((name) => wordMetric(namespace, name, [dimension])),
  );
  const named = new Set([...metricsOfDashboard(template), ...metricsOfAlarms(template)]);
  expect([...named].sort()).toEqual([...own, ...aws].sort());
});

test('the dashboard has a row each for executions, models, answers, Bedrock and functions', () => {
  const count = ({ properties }: (typeof widgets)[number]) =>
    (properties.metrics ?? []).filter((line) => !JSON.stringify(line).includes('"visible":false')).length;
  const widgets = widgetsOf(template);
  expect(widgets.map((widget) => [widget.properties.title, count(widget)])).toEqual([
    ['Alarms', 0],
    ['Executions', 6],
    ['Success rate without rejected inputs, %', 3],
    ['Time of an execution, ms', 3],
    ['Attempts by model', 2],
    ['Retries and fallbacks by model', 5],
    ['Failed attempts by model, throttles among them', 4],
    ['Latency of a call by model, ms', 6],
    ['Tokens by model', 8],
    ['Estimated cost, US dollars', 3],
    ['Tokens of the quota per minute, of the whole account', 2],
    ['Throttled calls, of the whole account', 2],
    ['Dead letters', 1],
    ['Errors of functions, failed calls and rejected inputs among them', 4],
    ['Duration of functions, ms', 4],
    ['Throttled invocations of functions', 4],
  ]);
});

test('the dashboard shows every alarm, and a line for each quota', () => {
  const widgets = widgetsOf(template);
  const widget = (title: string) => widgets.find(({ properties }) => properties.title.startsWith(title))?.properties;
  const ids = Object.keys(template.findResources('AWS::CloudWatch::Alarm'));
  expect(widget('Alarms')?.alarms).toEqual(ids.map((id) => `<${id}>`));
  expect(widget('Tokens of the quota')?.annotations).toEqual({
    horizontal: [{ value: 2_000_000, label: `Quota of ${HAIKU_5}`, yAxis: 'left' }],
  });
});

test('the dashboard shows alarms that are added to the pipeline later', () => {
  const stack = new Stack(new App(), 'Shop', { env: { region: 'us-east-1', account: '111122223333' } });
  const { alarms } = new BedrockPipeline(stack, 'Pipeline', { bundles: BUNDLES, now: NOW });
  const metric = new Metric({ namespace: 'N', metricName: 'M' });
  alarms.add('Mine', { metric, threshold: 1, description: 'Mine.' });
  const [widget] = widgetsOf(Template.fromStack(stack));
  expect(widget?.properties.alarms?.at(-1)).toMatch(/^<PipelineAlarmsMine/);
});

test('the latency of each model is shown by percentile', () => {
  const latency = widgetsOf(template).find(({ properties }) => properties.title.startsWith('Latency'));
  const expected = ['p50', 'p95', 'p99'].flatMap((stat) =>
    [HAIKU_5, HAIKU_4].map((modelId) => ({ label: `${stat} ${modelId}`, stat })),
  );
  expect(latency?.properties.metrics?.map((line) => line.at(-1))).toEqual(expected);
});

test('a pipeline may do without a dashboard', () => {
  const without = Template.fromStack(pipelineStack({ dashboard: false }));
  without.resourceCountIs('AWS::CloudWatch::Dashboard', 0);
  expect(Object.keys(without.findOutputs('*'))).not.toContain('DashboardUrl');
});
