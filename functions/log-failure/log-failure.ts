import type { LogFailureEvent, LogFailureResult } from '../shared/contract.ts';
import { estimateExpressUsd, estimateLambdaUsd, estimateStepFunctionsUsd, sumCost } from '../shared/cost.ts';
import type { EventLog } from '../shared/log.ts';
import { LOG_EVENTS } from '../shared/log-events.ts';
import type { Metrics } from '../shared/metrics.ts';
import { unfoldCause } from '../shared/unfold-cause.ts';

export interface LogFailureDeps {
  log: EventLog;
  metrics: Metrics;
}

/** AWS's limit of a Fail state's Cause, in characters. */
const MOST_CAUSE_CHARACTERS = 32_768;

/** Keeps ten models, the longest chain, below the limit, so that none drops out of the list. */
const MOST_MESSAGE_CHARACTERS = 2_000;

/** Words the failure of an execution for a person, logs it in one line and counts it among the metrics. */
export function createLogFailure(deps: LogFailureDeps): (event: LogFailureEvent) => Promise<LogFailureResult> {
  const { log, metrics } = deps;
  return async (event) => {
    const { requestId, executionId, error, attempts, stateTransitions, expressMs, failures, metadata } = event;
    const cause = describeFailure(event);
    const models = failures.map(({ modelId, error, attempts }) => ({ modelId, error, attempts }));
    const cost = sumCost({
      modelUsd: 0,
      stepFunctionsUsd:
        expressMs === undefined ? estimateStepFunctionsUsd(stateTransitions) : estimateExpressUsd(expressMs),
      lambdaUsd: estimateLambdaUsd(attempts),
    });
    log.error(LOG_EVENTS.pipelineFailed, {
      requestId,
      executionId,
      error,
      cause,
      attempts,
      failures: models,
      metadata,
      ...cost,
    });
    // A rejected input says nothing about the pipeline.
    const outcome =
      error === 'InvalidInputError' ? rejected(executionId) : { ExecutionsAnswered: 0, ExecutionsFailed: 1 };
    metrics.ofPipeline({ ...outcome, EstimatedCostUsd: cost.estimatedCostUsd });
    // After the last one there was no other to go on to.
    for (const { modelId } of models.slice(0, -1)) metrics.ofModel(modelId, { Fallbacks: 1 });
    return { cause };
  };
}

/**
 * Step Functions counts no child of a map run among the failed executions that the alarm on their share takes rejected
 * inputs from. The ARN of one has a label behind the name of its machine: `execution:MACHINE/LABEL:NAME`.
 */
function rejected(executionId: string): { InputsRejected?: 1 } {
  return /:(execution|express):[^:]+\//.test(executionId) ? {} : { InputsRejected: 1 };
}

/** The models in the wording of pipeline.asl.json, which composes the list itself when this function fails. */
function describeFailure({ error, cause, failures }: LogFailureEvent): string {
  const list = failures.map((failure) => {
    const message = messageOf(failure.error, failure.cause);
    const attempts = `${failure.attempts} ${failure.attempts === 1 ? 'attempt' : 'attempts'}`;
    return `${failure.modelId}: ${failure.error} after ${attempts}${message && ` (${cut(message, MOST_MESSAGE_CHARACTERS)})`}`;
  });
  if (list.length > 0) return cut(list.join('; '), MOST_CAUSE_CHARACTERS);
  const message = messageOf(error, cause);
  return cut(message ? `${error}: ${message}` : error, MOST_CAUSE_CHARACTERS);
}

/** Empty when nothing is known beyond the error's name. States.Timeout comes without a cause. */
function messageOf(error: string, cause: string | null | undefined): string {
  return unfoldCause(cause) || (error === 'States.Timeout' ? 'it timed out' : '');
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
