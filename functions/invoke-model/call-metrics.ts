import type { InvokeModelResult, TokenUsage } from '../shared/contract.ts';
import type { ModelMetric } from '../shared/metrics.ts';

type Values = Partial<Record<ModelMetric, number>>;

/** What Bedrock names a used up quota of the minute, and what the pipeline names one of the day. */
const THROTTLES = ['ThrottlingException', 'DailyQuotaExceededError'];

/** The numbers of a call with an answer. */
export function answeredCall(retryCount: number, { usage, estimatedCost, latencyMs }: InvokeModelResult): Values {
  return {
    ...call(retryCount),
    ModelLatency: latencyMs,
    ...tokens(usage),
    ModelCostUsd: estimatedCost.modelUsd,
  };
}

function tokens({ inputTokens, outputTokens, cacheReadInputTokens, cacheWriteInputTokens }: TokenUsage): Values {
  return {
    InputTokens: inputTokens,
    OutputTokens: outputTokens,
    ...(cacheReadInputTokens !== undefined && { CacheReadInputTokens: cacheReadInputTokens }),
    ...(cacheWriteInputTokens !== undefined && { CacheWriteInputTokens: cacheWriteInputTokens }),
  };
}

/** The numbers of a call that failed with the error of this name. What it cost is not known. */
export function failedCall(retryCount: number, error: string): Values {
  return { ...call(retryCount), FailedAttempts: 1, Throttles: THROTTLES.includes(error) ? 1 : 0 };
}

/** The zeros make rates of what rarely happens: a metric without values is no number. */
function call(retryCount: number) {
  return { Attempts: 1, Retries: retryCount > 0 ? 1 : 0, FailedAttempts: 0, Throttles: 0 };
}
