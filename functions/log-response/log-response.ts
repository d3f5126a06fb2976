import type { LogResponseEvent } from '../shared/contract.ts';
import type { EventLog } from '../shared/log.ts';
import { LOG_EVENTS } from '../shared/log-events.ts';
import type { Metrics } from '../shared/metrics.ts';

export interface LogResponseDeps {
  log: EventLog;
  metrics: Metrics;
  /** Whether the answer's text may be logged. */
  logContent: boolean;
}

/**
 * Logs how an execution was answered: one line with its models, usage, cost and, where allowed, the answer. Counts it
 * among the metrics.
 */
export function createLogResponse(deps: LogResponseDeps): (event: LogResponseEvent) => Promise<null> {
  const { log, metrics, logContent } = deps;
  return async ({ output, metadata, executionId }) => {
    const { response, ...facts } = output;
    const content = logContent ? { response } : { responseCharacters: response.length };
    log.info(LOG_EVENTS.response, { executionId, ...facts, metadata, ...content });
    metrics.ofPipeline({
      ExecutionsAnswered: 1,
      AnsweredByFallback: facts.fallbackFrom.length > 0 ? 1 : 0,
      EstimatedCostUsd: facts.estimatedCostUsd,
    });
    for (const { modelId } of facts.fallbackFrom) metrics.ofModel(modelId, { Fallbacks: 1 });
    return null;
  };
}
