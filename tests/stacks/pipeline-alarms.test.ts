import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Template } from 'aws-cdk-lib/assertions';
import { idOf, pipelineStack } from './synthesise.ts';

const HAIKU_5 = 'global.anthropic.claude-haiku-5-5';
const HAIKU_4 = 'global.anthropic.claude-haiku-4-5-20251001-v1:0';

const template = Template.fromStack(pipelineStack({ tokensPerMinuteQuotas: { [HAIKU_5]: 2_000_000 } }));

const alarmOf = (name: string, of = template) => {
  const alarms = Object.values(of.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
  return alarms.find(({ AlarmName }) => AlarmName === `OrchestratedBedrockPipeline-${name}`);
};

interface MetricQuery {
  Id: string;
  Expression?: string;
  MetricStat?: {
    Metric: { Namespace: string; MetricName: string; Dimensions: { Name: string; Value: unknown }[] };
    Stat: string;
    Period: number;
  };
}

/** What the alarm watches, in short: `name namespace metric statistic / seconds`, expressions as they are. */
function watched(name: string): string[] {
  const alarm = alarmOf(name);
  if (!alarm?.Metrics) return [`${alarm?.Namespace} ${alarm?.MetricName} ${alarm?.Statistic} / ${alarm?.Period} s`];
  return (alarm.Metrics as MetricQuery[]).map(({ Id, Expression, MetricStat }) => {
    if (!MetricStat) return `${Id}: ${Expression}`;
    const { Metric, Stat, Period } = MetricStat;
    const model = Metric.Dimensions.find(({ Name }) => Name === 'ModelId')?.Value;
    return `${Id}: ${Metric.Namespace} ${Metric.MetricName}${model ? ` ${model}` : ''} ${Stat} / ${Period} s`;
  });
}

const OWN = 'OrchestratedBedrockPipeline';

describe('the alarm', () => {
  test.each<[string, number, number, string[], string]>([
    [
      'FailedExecutions',
      1,
      1,
      [`${OWN} ExecutionsFailed Sum / 300 s`],
      'Executions failed although every model of the chain was tried, or at once. The saved query "errors" counts them by error; the README says what to do about each.',
    ],
    [
      'FailureRate',
      20,
      2,
      [
        'expr_1: IF(executions >= 10, 100 * failures / executions, 0)',
        'failures: FILL(failed, 0) + FILL(timedOut, 0) - FILL(rejected, 0)',
        'failed: AWS/States ExecutionsFailed Sum / 300 s',
        'timedOut: AWS/States ExecutionsTimedOut Sum / 300 s',
        `rejected: ${OWN} InputsRejected Sum / 300 s`,
        'executions: failures + FILL(succeeded, 0)',
        'succeeded: AWS/States ExecutionsSucceeded Sum / 300 s',
      ],
      'A large part of the executions fails. If the saved query "errors" shows none of them, the state machine cannot invoke its functions: look at an execution\'s history.',
    ],
    [
      'TimedOutExecutions',
      1,
      1,
      ['AWS/States ExecutionsTimedOut Sum / 300 s'],
      'Executions ran into the TimeoutSeconds of the state machine; no state could log it. Their history shows where the time went.',
    ],
    [
      'LoggingErrors',
      1,
      1,
      [
        'expr_1: SUM([FILL(m0, 0), FILL(m1, 0)])',
        'm0: AWS/Lambda Errors Sum / 300 s',
        'm1: AWS/Lambda Errors Sum / 300 s',
      ],
      "LogResponse or LogFailure failed: answers and failures are missing among the metrics, and other alarms may keep silent. Read the function's log.",
    ],
    [
      'Throttles',
      10,
      1,
      [
        'expr_1: SUM([FILL(m0, 0), FILL(m1, 0)])',
        `m0: ${OWN} Throttles ${HAIKU_5} Sum / 300 s`,
        `m1: ${OWN} Throttles ${HAIKU_4} Sum / 300 s`,
      ],
      'Bedrock throttles calls. Start fewer executions at a time, add a profile to the chain (quotas are apart), or ask for a higher quota in Service Quotas.',
    ],
    [
      'FallbackRate',
      20,
      2,
      [
        'expr_1: IF(FILL(answers, 0) >= 10, 100 * byFallback, 0)',
        `answers: ${OWN} AnsweredByFallback SampleCount / 300 s`,
        `byFallback: ${OWN} AnsweredByFallback Average / 300 s`,
      ],
      'The first model of the chain often does not answer. The saved query "fallbacks" shows its errors; change the order of MODEL_IDS when it is gone.',
    ],
    [
      'Latency',
      60,
      3,
      [
        'expr_1: IF(FILL(executions, 0) >= 10, milliseconds / 1000, 0)',
        'executions: AWS/States ExecutionTime SampleCount / 300 s',
        'milliseconds: AWS/States ExecutionTime p95 / 300 s',
      ],
      'One in twenty executions takes long. The dashboard tells slow models from retries; the saved query "slowest" has the requests.',
    ],
    [
      'CostPerHour',
      10,
      1,
      [`${OWN} EstimatedCostUsd Sum / 3600 s`],
      'The executions of an hour cost more than planned. The saved query "most expensive" has the requests; whoever starts the executions may be in a loop.',
    ],
    [
      'QuotaUse-global-anthropic-claude-haiku-5-5',
      80,
      3,
      [
        'expr_1: IF(FILL(throttles, 0) > 0, 100, 100 * FILL(tokens, 0) / 2000000)',
        `tokens: AWS/Bedrock EstimatedTPMQuotaUsage ${HAIKU_5} Sum / 60 s`,
        `throttles: AWS/Bedrock InvocationThrottles ${HAIKU_5} Sum / 60 s`,
      ],
      `The account uses up its quota of 2000000 tokens per minute of ${HAIKU_5}: calls are throttled, or soon will be. Lower maxTokens, which reserves quota, spread the load, or ask for more in Service Quotas.`,
    ],
  ])('%s goes off at %d, %d in a row', (name, threshold, evaluationPeriods, metrics, description) => {
    expect(alarmOf(name)).toMatchObject({
      Threshold: threshold,
      EvaluationPeriods: evaluationPeriods,
      AlarmDescription: description,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
    expect(watched(name)).toEqual(metrics);
  });

  test('is one of these and no other, and each tells the topic', () => {
    const topic = { Ref: idOf(template, 'AWS::SNS::Topic', 'PipelineAlarmsTopic') };
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
    expect(alarms.map(({ AlarmName }) => AlarmName.replace(/^[^-]+-/, ''))).toEqual([
      'UndeliveredEvents',
      'FailedExecutions',
      'FailureRate',
      'TimedOutExecutions',
      'LoggingErrors',
      'Throttles',
      'FallbackRate',
      'Latency',
      'CostPerHour',
      'QuotaUse-global-anthropic-claude-haiku-5-5',
      'ModelsNearEndOfLife',
      'ModelChecks',
    ]);
    for (const { AlarmActions, OKActions } of alarms) expect([AlarmActions, OKActions]).toEqual([[topic], [topic]]);
  });

  test('has a line in the README', () => {
    const readme = readFileSync('README.md', 'utf8');
    const table = readme.slice(readme.indexOf('| alarm '), readme.indexOf('`alarmThresholds` of the construct'));
    const named = [...table.matchAll(/^\| `([A-Za-z-]+)` /gm)].map(([, name = '']) => name.replace('-MODEL', ''));
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);
    expect(named).toEqual(alarms.map(({ AlarmName }) => AlarmName.split('-')[1]));
  });

  test('watches the functions that log alone for errors: the others fail by design', () => {
    const stats = alarmOf('LoggingErrors')?.Metrics.slice(1);
    expect(stats.map((one: { MetricStat: { Metric: unknown } }) => one.MetricStat.Metric)).toMatchObject(
      ['LogResponse', 'LogFailure'].map((state) => ({
        Dimensions: [
          { Name: 'FunctionName', Value: { Ref: idOf(template, 'AWS::Lambda::Function', `Pipeline${state}Function`) } },
        ],
      })),
    );
  });
});

test('thresholds can be set one by one', () => {
  const alarmThresholds = { failedExecutions: 5, minimumExecutions: 50, costPerHourUsd: 2.5 };
  const configured = Template.fromStack(pipelineStack({ alarmThresholds }));
  const thresholdOf = (name: string) => alarmOf(name, configured)?.Threshold;
  expect(['FailedExecutions', 'CostPerHour', 'TimedOutExecutions'].map(thresholdOf)).toEqual([5, 2.5, 1]);
  for (const name of ['FailureRate', 'FallbackRate', 'Latency'])
    expect(JSON.stringify(alarmOf(name, configured)?.Metrics)).toContain('>= 50');
});

test('without quotas no alarm watches them', () => {
  expect(alarmOf('QuotaUse-global-anthropic-claude-haiku-5-5', Template.fromStack(pipelineStack()))).toBeUndefined();
});
