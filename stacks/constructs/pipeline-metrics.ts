import { type IMetric, MathExpression, Metric, type MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Duration } from 'aws-cdk-lib/core';
import { METRIC_NAMESPACE, type ModelMetric, type PipelineMetric } from '../../functions/shared/metrics.ts';

/** Amazon Bedrock user guide, "Monitor bedrock-runtime inference using CloudWatch metrics". */
export type BedrockMetric = 'EstimatedTPMQuotaUsage' | 'InvocationThrottles';

/** AWS Step Functions developer guide, "Step Functions metrics for CloudWatch"; the dimension is the state machine. */
export type StatesMetric =
  | 'ExecutionsStarted'
  | 'ExecutionsSucceeded'
  | 'ExecutionsFailed'
  | 'ExecutionsTimedOut'
  | 'ExecutionsAborted'
  | 'ExecutionThrottled'
  | 'ExecutionTime';

export interface PipelineMetricsProps {
  readonly pipelineName: string;
  readonly modelIds: readonly string[];
  readonly stateMachine: IStateMachine;
}

/** The metrics that dashboard and alarms are made of: sums of 5 minutes, unless asked otherwise. */
export class PipelineMetrics {
  readonly modelIds: readonly string[];
  private readonly pipelineName: string;
  private readonly stateMachine: IStateMachine;

  constructor({ pipelineName, modelIds, stateMachine }: PipelineMetricsProps) {
    this.pipelineName = pipelineName;
    this.modelIds = modelIds;
    this.stateMachine = stateMachine;
  }

  pipeline(metricName: PipelineMetric, options?: MetricOptions): Metric {
    return metric(METRIC_NAMESPACE, metricName, { Pipeline: this.pipelineName }, options);
  }

  model(metricName: ModelMetric, modelId: string, options?: MetricOptions): Metric {
    return metric(METRIC_NAMESPACE, metricName, { Pipeline: this.pipelineName, ModelId: modelId }, options);
  }

  /** A graph's line for each model, labelled with its id. */
  models(metricName: ModelMetric, label: string, options?: MetricOptions): Metric[] {
    return this.modelIds.map((modelId) =>
      this.model(metricName, modelId, { ...options, label: `${label} ${modelId}` }),
    );
  }

  /** Of the whole account and Region, this pipeline among others. A model's id is that of its inference profile. */
  bedrock(metricName: BedrockMetric, modelId: string, options?: MetricOptions): Metric {
    return metric('AWS/Bedrock', metricName, { ModelId: modelId }, options);
  }

  states(metricName: StatesMetric, options?: MetricOptions): Metric {
    return metric('AWS/States', metricName, { StateMachineArn: this.stateMachine.stateMachineArn }, options);
  }
}

const PERIOD = Duration.minutes(5);

function metric(namespace: string, metricName: string, dimensionsMap: Record<string, string>, options?: MetricOptions) {
  return new Metric({ namespace, metricName, dimensionsMap, statistic: 'Sum', period: PERIOD, ...options });
}

/** Metric math over these metrics, each under its key. What nothing was reported for has no value: FILL makes it 0. */
export function calculate(
  expression: string,
  usingMetrics: Record<string, IMetric>,
  options: { readonly label?: string; readonly period?: Duration } = {},
): MathExpression {
  return new MathExpression({ expression, usingMetrics, period: PERIOD, ...options });
}

/** The sum of metrics, of which not all have values all the time. */
export function sum(metrics: readonly IMetric[], label?: string): MathExpression {
  const named = metrics.map((one, index) => [`m${index}`, one] as const);
  const filled = named.map(([id]) => `FILL(${id}, 0)`);
  return calculate(`SUM([${filled.join(', ')}])`, Object.fromEntries(named), label ? { label } : {});
}
