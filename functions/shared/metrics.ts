import { serviceName } from './log.ts';

/** Where CloudWatch keeps the pipeline's own metrics. */
export const METRIC_NAMESPACE = 'OrchestratedBedrockPipeline';

/** What is measured once an execution, or once a check of the models, with its unit in CloudWatch; the dimension is the pipeline. */
const PIPELINE_METRICS = {
  /** 1 for an execution with an answer, 0 for one that failed: its average is the success rate. */
  ExecutionsAnswered: 'Count',
  /** Executions that failed, apart from rejected inputs. */
  ExecutionsFailed: 'Count',
  /** Executions whose input broke the input contract, apart from those of batches. */
  InputsRejected: 'Count',
  /** 1 for an answer by another model than the first of the chain, 0 for one by the first. */
  AnsweredByFallback: 'Count',
  /** US dollars of an execution. CloudWatch has no unit for money. */
  EstimatedCostUsd: 'None',
  /** Models of the chain that are legacy or within 90 days of their end, once a check. */
  ModelsNearEndOfLife: 'Count',
} as const;

/** What is measured a model; the dimensions are the pipeline and the model id. */
const MODEL_METRICS = {
  /** Calls to the model. */
  Attempts: 'Count',
  /** Calls after the first one that an entry of the state makes. */
  Retries: 'Count',
  FailedAttempts: 'Count',
  /** Failed calls for the quotas of the minute or of the day. */
  Throttles: 'Count',
  /** Times that the chain went on to the next model after this one. */
  Fallbacks: 'Count',
  /** As Bedrock measured it, for answers only, like all that follow. */
  ModelLatency: 'Milliseconds',
  InputTokens: 'Count',
  OutputTokens: 'Count',
  /** Where the cache was used, as the next one. */
  CacheReadInputTokens: 'Count',
  CacheWriteInputTokens: 'Count',
  ModelCostUsd: 'None',
} as const;

export type PipelineMetric = keyof typeof PIPELINE_METRICS;
export type ModelMetric = keyof typeof MODEL_METRICS;

/** Where the functions report numbers. They are numbers and model ids alone, so no content can be among them. */
export interface Metrics {
  ofPipeline(values: Partial<Record<PipelineMetric, number>>): void;
  ofModel(modelId: string, values: Partial<Record<ModelMetric, number>>): void;
}

/**
 * The metrics inside Lambda: a JSON line each, from which CloudWatch Logs takes the metrics without a call to its API
 * (Amazon CloudWatch user guide, "Specification: Embedded metric format").
 */
export function createLambdaMetrics({
  /** The value of the dimension `Pipeline`. */
  pipeline = serviceName(),
  now = Date.now,
  // Lambda's own console wraps what it writes, and CloudWatch finds no metric in that.
  write = (line: string): unknown => process.stdout.write(line),
} = {}): Metrics {
  const report = (
    dimensions: Readonly<Record<string, string>>,
    units: Readonly<Record<string, string>>,
    values: Readonly<Record<string, number>>,
  ) => {
    const directive = {
      Namespace: METRIC_NAMESPACE,
      Dimensions: [Object.keys(dimensions)],
      Metrics: Object.keys(values).map((name) => ({ Name: name, Unit: units[name] })),
    };
    const metadata = { Timestamp: now(), CloudWatchMetrics: [directive] };
    write(`${JSON.stringify({ _aws: metadata, ...dimensions, ...values })}\n`);
  };
  return {
    ofPipeline: (values) => report({ Pipeline: pipeline }, PIPELINE_METRICS, values),
    ofModel: (modelId, values) => report({ Pipeline: pipeline, ModelId: modelId }, MODEL_METRICS, values),
  };
}
