import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type GraphWidgetProps,
  type IMetric,
  type IWidget,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import type { PipelineFunctions } from './pipeline-functions.ts';
import { calculate, type PipelineMetrics } from './pipeline-metrics.ts';

export interface PipelineDashboardProps {
  /** The dashboard's name. */
  readonly pipelineName: string;
  readonly metrics: PipelineMetrics;
  readonly functions: PipelineFunctions;
  readonly alarms: Alarms;
  /** Drawn as a line in the graph of a model's quota use. */
  readonly tokensPerMinuteQuotas?: Readonly<Record<string, number>> | undefined;
  /** Where events end that start nothing. */
  readonly deadLetterQueue?: IQueue | undefined;
}

const PERCENTILES = ['p50', 'p95', 'p99'];
const WIDTH = 8;

/** What an operator looks at, from executions down to functions: a row each for executions, models, Bedrock, AWS. */
export class PipelineDashboard extends Construct {
  /** Where the console shows it. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: PipelineDashboardProps) {
    super(scope, id);
    const { pipelineName, alarms } = props;
    const { region } = Stack.of(this);
    this.url = `https://console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${pipelineName}`;
    new Dashboard(this, 'Dashboard', {
      dashboardName: pipelineName,
      defaultInterval: Duration.hours(3),
      widgets: [
        // The list itself: alarms that are added later are read at synthesis, too.
        [new AlarmStatusWidget({ title: 'Alarms', alarms: alarms.all, width: 3 * WIDTH })],
        executionWidgets(props),
        modelWidgets(props),
        answerWidgets(props),
        bedrockWidgets(props),
        functionWidgets(props),
      ],
    });
  }
}

function executionWidgets({ metrics }: PipelineDashboardProps): IWidget[] {
  const successRate = calculate(
    '100 * answered',
    { answered: metrics.pipeline('ExecutionsAnswered', { statistic: 'Average' }) },
    { label: 'Success rate' },
  );
  return [
    graph('Executions', [
      metrics.states('ExecutionsStarted'),
      metrics.states('ExecutionsSucceeded'),
      metrics.states('ExecutionsFailed'),
      metrics.states('ExecutionsTimedOut'),
      metrics.states('ExecutionsAborted'),
      metrics.states('ExecutionThrottled'),
    ]),
    graph('Success rate without rejected inputs, %', [successRate], {
      leftYAxis: { min: 0, max: 100 },
      right: [metrics.pipeline('ExecutionsFailed'), metrics.pipeline('InputsRejected')],
    }),
    graph(
      'Time of an execution, ms',
      PERCENTILES.map((statistic) => metrics.states('ExecutionTime', { statistic, label: statistic })),
    ),
  ];
}

function modelWidgets({ metrics }: PipelineDashboardProps): IWidget[] {
  return [
    graph('Attempts by model', metrics.models('Attempts', 'Attempts')),
    graph('Retries and fallbacks by model', [
      ...metrics.models('Retries', 'Retries'),
      ...metrics.models('Fallbacks', 'Fallbacks from'),
      metrics.pipeline('AnsweredByFallback', { label: 'Answers not by the first model' }),
    ]),
    graph('Failed attempts by model, throttles among them', [
      ...metrics.models('FailedAttempts', 'Failed'),
      ...metrics.models('Throttles', 'Throttled'),
    ]),
  ];
}

function answerWidgets({ metrics }: PipelineDashboardProps): IWidget[] {
  return [
    graph(
      'Latency of a call by model, ms',
      PERCENTILES.flatMap((statistic) => metrics.models('ModelLatency', statistic, { statistic })),
    ),
    graph('Tokens by model', [
      ...metrics.models('InputTokens', 'In'),
      ...metrics.models('OutputTokens', 'Out'),
      ...metrics.models('CacheReadInputTokens', 'Read from the cache'),
      ...metrics.models('CacheWriteInputTokens', 'Written to the cache'),
    ]),
    graph('Estimated cost, US dollars', [
      metrics.pipeline('EstimatedCostUsd', { label: 'Executions' }),
      ...metrics.models('ModelCostUsd', 'Calls to'),
    ]),
  ];
}

function bedrockWidgets({ metrics, tokensPerMinuteQuotas = {}, deadLetterQueue }: PipelineDashboardProps): IWidget[] {
  const eachModel = (name: 'EstimatedTPMQuotaUsage' | 'InvocationThrottles') =>
    metrics.modelIds.map((modelId) => metrics.bedrock(name, modelId, { label: modelId, period: Duration.minutes(1) }));
  const widgets = [
    graph('Tokens of the quota per minute, of the whole account', eachModel('EstimatedTPMQuotaUsage'), {
      leftAnnotations: Object.entries(tokensPerMinuteQuotas).map(([modelId, value]) => ({
        value,
        label: `Quota of ${modelId}`,
      })),
    }),
    graph('Throttled calls, of the whole account', eachModel('InvocationThrottles')),
  ];
  if (!deadLetterQueue) return widgets;
  return [...widgets, graph('Dead letters', [deadLetterQueue.metricApproximateNumberOfMessagesVisible()])];
}

function functionWidgets({ functions }: PipelineDashboardProps): IWidget[] {
  const each = Object.entries(functions);
  return [
    graph(
      'Errors of functions, failed calls and rejected inputs among them',
      each.map(([label, { lambda }]) => lambda.metricErrors({ label })),
    ),
    graph(
      'Duration of functions, ms',
      each.map(([label, { lambda }]) => lambda.metricDuration({ label: `p95 ${label}`, statistic: Stats.p(95) })),
    ),
    graph(
      'Throttled invocations of functions',
      each.map(([label, { lambda }]) => lambda.metricThrottles({ label })),
    ),
  ];
}

function graph(title: string, left: IMetric[], more: Omit<GraphWidgetProps, 'title' | 'left'> = {}): GraphWidget {
  return new GraphWidget({ title, left, width: WIDTH, ...more });
}
