import { Duration } from 'aws-cdk-lib/core';
import { ConfigurationError } from '../configuration-error.ts';
import type { Alarms } from './alarms.ts';
import type { PipelineFunctions } from './pipeline-functions.ts';
import { calculate, type PipelineMetrics, sum } from './pipeline-metrics.ts';

/** From which value on an alarm goes off. */
export interface AlarmThresholds {
  /** Executions that failed within 5 minutes, rejected inputs apart. Default: 1. */
  readonly failedExecutions: number;
  /** Percentage of executions that failed or timed out, rejected inputs apart, twice 5 minutes in a row. Default: 20. */
  readonly failureRatePercent: number;
  /** Executions that timed out within 5 minutes. Default: 1. */
  readonly timedOutExecutions: number;
  /** Throttled calls to all models within 5 minutes. Default: 10. */
  readonly throttles: number;
  /** Percentage of answers that the first model did not give, twice 5 minutes in a row. Default: 20. */
  readonly fallbackRatePercent: number;
  /** The 95th percentile of an execution's time in seconds, 3 times 5 minutes in a row. Default: 60. */
  readonly latencySeconds: number;
  /** Estimated US dollars within an hour. Default: 10. */
  readonly costPerHourUsd: number;
  /** Percentage of a model's quota of tokens per minute, 3 minutes in a row. Default: 80. */
  readonly quotaUsePercent: number;
  /** Rates and latency count in 5 minutes with this many executions and more. Default: 10. */
  readonly minimumExecutions: number;
}

const DEFAULT_THRESHOLDS: AlarmThresholds = {
  failedExecutions: 1,
  failureRatePercent: 20,
  timedOutExecutions: 1,
  throttles: 10,
  fallbackRatePercent: 20,
  latencySeconds: 60,
  costPerHourUsd: 10,
  quotaUsePercent: 80,
  minimumExecutions: 10,
};

export interface PipelineAlarmsProps {
  readonly metrics: PipelineMetrics;
  readonly functions: PipelineFunctions;
  readonly thresholds?: Partial<AlarmThresholds> | undefined;
  /** By model id. A model that has none here gets no alarm on its quota. */
  readonly tokensPerMinuteQuotas?: Readonly<Record<string, number>> | undefined;
}

/** Adds the alarms of a pipeline. Throws a ConfigurationError for a threshold or a quota that makes no sense. */
export function addPipelineAlarms(alarms: Alarms, props: PipelineAlarmsProps): void {
  const thresholds = { ...DEFAULT_THRESHOLDS, ...props.thresholds };
  requireNumbers('alarmThresholds', Object.keys(DEFAULT_THRESHOLDS), thresholds);
  addFailureAlarms(alarms, props, thresholds);
  addModelAlarms(alarms, props.metrics, thresholds);
  addQuotaAlarms(alarms, props, thresholds);
}

function addFailureAlarms(alarms: Alarms, { metrics, functions }: PipelineAlarmsProps, thresholds: AlarmThresholds) {
  alarms.add('FailedExecutions', {
    metric: metrics.pipeline('ExecutionsFailed'),
    threshold: thresholds.failedExecutions,
    description:
      'Executions failed although every model of the chain was tried, or at once. The saved query "errors" counts them ' +
      'by error; the README says what to do about each.',
  });
  const failures = calculate('FILL(failed, 0) + FILL(timedOut, 0) - FILL(rejected, 0)', {
    failed: metrics.states('ExecutionsFailed'),
    timedOut: metrics.states('ExecutionsTimedOut'),
    rejected: metrics.pipeline('InputsRejected'),
  });
  const executions = calculate('failures + FILL(succeeded, 0)', {
    failures,
    succeeded: metrics.states('ExecutionsSucceeded'),
  });
  alarms.add('FailureRate', {
    metric: calculate(`IF(executions >= ${thresholds.minimumExecutions}, 100 * failures / executions, 0)`, {
      failures,
      executions,
    }),
    threshold: thresholds.failureRatePercent,
    // Rejected inputs are reported by another way, which may be slower: the older period has them all.
    evaluationPeriods: 2,
    description:
      'A large part of the executions fails. If the saved query "errors" shows none of them, the state machine cannot ' +
      "invoke its functions: look at an execution's history.",
  });
  alarms.add('TimedOutExecutions', {
    metric: metrics.states('ExecutionsTimedOut'),
    threshold: thresholds.timedOutExecutions,
    description:
      'Executions ran into the TimeoutSeconds of the state machine; no state could log it. Their history shows where ' +
      'the time went.',
  });
  alarms.add('LoggingErrors', {
    metric: sum([functions.LogResponse, functions.LogFailure].map(({ lambda }) => lambda.metricErrors())),
    threshold: 1,
    description:
      'LogResponse or LogFailure failed: answers and failures are missing among the metrics, and other alarms may keep ' +
      "silent. Read the function's log.",
  });
}

function addModelAlarms(alarms: Alarms, metrics: PipelineMetrics, thresholds: AlarmThresholds) {
  alarms.add('Throttles', {
    metric: sum(metrics.modelIds.map((modelId) => metrics.model('Throttles', modelId))),
    threshold: thresholds.throttles,
    description:
      'Bedrock throttles calls. Start fewer executions at a time, add a profile to the chain (quotas are apart), or ' +
      'ask for a higher quota in Service Quotas.',
  });
  alarms.add('FallbackRate', {
    metric: calculate(`IF(FILL(answers, 0) >= ${thresholds.minimumExecutions}, 100 * byFallback, 0)`, {
      answers: metrics.pipeline('AnsweredByFallback', { statistic: 'SampleCount' }),
      byFallback: metrics.pipeline('AnsweredByFallback', { statistic: 'Average' }),
    }),
    threshold: thresholds.fallbackRatePercent,
    evaluationPeriods: 2,
    description:
      'The first model of the chain often does not answer. The saved query "fallbacks" shows its errors; change the ' +
      'order of MODEL_IDS when it is gone.',
  });
  alarms.add('Latency', {
    metric: calculate(`IF(FILL(executions, 0) >= ${thresholds.minimumExecutions}, milliseconds / 1000, 0)`, {
      executions: metrics.states('ExecutionTime', { statistic: 'SampleCount' }),
      milliseconds: metrics.states('ExecutionTime', { statistic: 'p95' }),
    }),
    threshold: thresholds.latencySeconds,
    evaluationPeriods: 3,
    description:
      'One in twenty executions takes long. The dashboard tells slow models from retries; the saved query "slowest" ' +
      'has the requests.',
  });
  alarms.add('CostPerHour', {
    metric: metrics.pipeline('EstimatedCostUsd', { period: Duration.hours(1) }),
    threshold: thresholds.costPerHourUsd,
    description:
      'The executions of an hour cost more than planned. The saved query "most expensive" has the requests; whoever ' +
      'starts the executions may be in a loop.',
  });
}

/**
 * Throttling reserves maxTokens up front, which the estimate leaves out (Amazon Bedrock user guide, "How tokens are
 * counted in Amazon Bedrock"): a minute with throttled calls counts as 100 %, whatever the estimate says.
 */
function addQuotaAlarms(
  alarms: Alarms,
  { metrics, tokensPerMinuteQuotas = {} }: PipelineAlarmsProps,
  { quotaUsePercent }: AlarmThresholds,
) {
  const period = Duration.minutes(1);
  requireNumbers('tokensPerMinuteQuotas', metrics.modelIds, tokensPerMinuteQuotas);
  for (const [modelId, quota] of Object.entries(tokensPerMinuteQuotas)) {
    const expression = `IF(FILL(throttles, 0) > 0, 100, 100 * FILL(tokens, 0) / ${quota})`;
    const usingMetrics = {
      tokens: metrics.bedrock('EstimatedTPMQuotaUsage', modelId, { period }),
      throttles: metrics.bedrock('InvocationThrottles', modelId, { period }),
    };
    alarms.add(`QuotaUse-${modelId.replaceAll(/[.:]/g, '-')}`, {
      metric: calculate(expression, usingMetrics, { period }),
      threshold: quotaUsePercent,
      evaluationPeriods: 3,
      description:
        `The account uses up its quota of ${quota} tokens per minute of ${modelId}: calls are throttled, or soon will ` +
        'be. Lower maxTokens, which reserves quota, spread the load, or ask for more in Service Quotas.',
    });
  }
}

function requireNumbers(property: string, allowed: readonly string[], values: object): void {
  for (const [name, value] of Object.entries(values)) {
    if (!allowed.includes(name)) {
      throw new ConfigurationError(`${property}: found "${name}", allowed are ${allowed.join(', ')}`);
    }
    if (typeof value === 'number' && Number.isFinite(value) && value > 0) continue;
    throw new ConfigurationError(`${property}["${name}"]: found ${value}, allowed is a number above 0`);
  }
}
