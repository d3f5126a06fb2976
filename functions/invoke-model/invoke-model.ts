import { isNativeError } from 'node:util/types';
import {
  type BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandOutput,
} from '@aws-sdk/client-bedrock-runtime';
import type { InvokeModelEvent, InvokeModelResult, TokenUsage } from '../shared/contract.ts';
import {
  estimateExpressUsd,
  estimateLambdaUsd,
  estimateModelUsd,
  estimateStepFunctionsUsd,
  type LambdaSize,
  sumCost,
} from '../shared/cost.ts';
import { EmptyResponseError } from '../shared/errors.ts';
import type { EventLog } from '../shared/log.ts';
import { LOG_EVENTS } from '../shared/log-events.ts';
import type { Metrics } from '../shared/metrics.ts';
import type { ModelFeatures } from '../shared/model-settings.ts';
import { findModel, lifecycleWarning, type ModelEntry, SERVICE_TIERS, type ServiceTier } from '../shared/models.ts';
import type { ObjectStore } from '../shared/object-store.ts';
import { toPipelineError } from './bedrock-errors.ts';
import { answeredCall, failedCall } from './call-metrics.ts';
import { type PromptedRequest, shapeRequest } from './converse-input.ts';
import { interveningPolicies } from './guardrail-trace.ts';
import { fitAnswer } from './long-answer.ts';
import { readPrompt } from './read-prompt.ts';
import { isComplete, stopReasonWarning } from './stop-reason.ts';

export interface InvokeModelDeps {
  /** Its own retries must be off: the state machine's Retry alone decides. */
  client: BedrockRuntimeClient;
  log: EventLog;
  metrics: Metrics;
  /** Whether an error may repeat what Bedrock said, which may hold parts of the prompt or of the answer. */
  logContent: boolean;
  /** Has the prompts of promptUri, and gets the answers that fit no payload. */
  store: ObjectStore;
  /** Where those answers go. */
  payloadBucket: string;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** What this function's duration is priced by. */
  size: LambdaSize;
  features: ModelFeatures;
}

/**
 * Asks one model once. The function it returns throws Converse's errors under their own names, or
 * DailyQuotaExceededError, ModelConnectionError, EmptyResponseError; InvalidInputError, S3UnavailableError and
 * S3RefusedError for prompts and answers that lie in S3; a RangeError for a model that the table lacks,
 * which validate-input lets nothing through to.
 */
export function createInvokeModel(deps: InvokeModelDeps): (event: InvokeModelEvent) => Promise<InvokeModelResult> {
  const { log, now, store } = deps;
  return async (event) => {
    const { request, modelId, retryCount, executionId } = event;
    const facts = { executionId, requestId: request.requestId, modelId, retryCount };
    if (retryCount > 0) log.info(LOG_EVENTS.retry, facts);
    try {
      const entry = findModel(modelId);
      if (!entry) throw new RangeError(`modelId: found "${modelId}", allowed is a model of the table`);
      const startedAt = now();
      const prompt = await readPrompt(request, store);
      const result = await call(entry, { ...event, request: { ...request, prompt }, startedAt }, deps);
      const { response: _, ...answer } = result;
      log.info(LOG_EVENTS.modelResponded, { ...facts, ...answer });
      return await fitAnswer(result, executionId, deps);
    } catch (error) {
      const { name, message } = nameOf(error);
      log.error(LOG_EVENTS.invocationFailed, { ...facts, error: name, errorMessage: message });
      throw error;
    }
  };
}

/** A call with its prompt at hand; `startedAt` is when the function began, in ms since the epoch. */
type Call = InvokeModelEvent & { request: PromptedRequest; startedAt: number };

/** Asks, and counts the call among the metrics. */
async function call(entry: ModelEntry, event: Call, deps: InvokeModelDeps): Promise<InvokeModelResult> {
  const { modelId, retryCount } = event;
  try {
    const result = await ask(entry, event, deps);
    deps.metrics.ofModel(modelId, answeredCall(retryCount, result));
    return result;
  } catch (cause) {
    const error = toPipelineError(cause, modelId, deps.logContent);
    deps.metrics.ofModel(modelId, failedCall(retryCount, nameOf(error).name));
    throw error;
  }
}

function nameOf(error: unknown): { name: string; message: string } {
  return isNativeError(error) ? error : { name: 'Error', message: String(error) };
}

async function ask(
  entry: ModelEntry,
  { request, attempts, stateTransitions, expressMs, startedAt }: Call,
  { client, now, size, features }: InvokeModelDeps,
): Promise<InvokeModelResult> {
  const { input, warnings: dropped } = shapeRequest(entry, request, features);
  const output = await client.send(new ConverseCommand(input));
  const { modelId } = entry;
  const stopReason = output.stopReason ?? 'unknown';
  const response = textOf(output);
  if (response.trim() === '')
    throw new EmptyResponseError(`${modelId} answered without text (stopReason ${stopReason})`);
  const usage = usageOf(output);
  const warnings = [
    ...dropped,
    stopReasonWarning(stopReason, entry.model, input.inferenceConfig?.maxTokens),
    guardrailWarning(output),
    lifecycleWarning(entry, now()),
  ].filter((warning) => warning !== undefined);
  const ms = now() - startedAt;
  return {
    modelId,
    response,
    responseUri: null,
    stopReason,
    complete: isComplete(stopReason),
    warnings,
    usage,
    ...sumCost({
      modelUsd: estimateModelUsd(entry, usage, tierOf(output)),
      stepFunctionsUsd:
        expressMs === undefined ? estimateStepFunctionsUsd(stateTransitions) : estimateExpressUsd(expressMs + ms),
      lambdaUsd: estimateLambdaUsd(attempts, ms, size),
    }),
    latencyMs: output.metrics?.latencyMs ?? 0,
  };
}

/** Text blocks only: the first block of a model that thinks is its reasoning. */
function textOf({ output }: ConverseCommandOutput): string {
  return (output?.message?.content ?? []).map(({ text }) => text ?? '').join('');
}

function usageOf({ usage }: ConverseCommandOutput): TokenUsage {
  const { inputTokens = 0, outputTokens = 0, totalTokens = inputTokens + outputTokens } = usage ?? {};
  const { cacheReadInputTokens = 0, cacheWriteInputTokens = 0 } = usage ?? {};
  const cached = { cacheReadInputTokens, cacheWriteInputTokens };
  const isCached = cacheReadInputTokens + cacheWriteInputTokens > 0;
  return { inputTokens, outputTokens, totalTokens, ...(isCached && cached) };
}

/** The one that Bedrock answered in: it serves what exceeds a reservation in the default tier, for example. */
function tierOf({ serviceTier }: ConverseCommandOutput): ServiceTier {
  return SERVICE_TIERS.find((tier) => tier === serviceTier?.type) ?? 'default';
}

/** Which policies of the guardrail intervened, where its trace is on. */
function guardrailWarning({ trace }: ConverseCommandOutput): string | undefined {
  const policies = interveningPolicies(trace);
  return policies.length > 0 ? `the guardrail intervened: ${policies.join(', ')}` : undefined;
}
