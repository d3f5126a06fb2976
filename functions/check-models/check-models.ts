import { type BedrockClient, type FoundationModelLifecycle, GetFoundationModelCommand } from '@aws-sdk/client-bedrock';
import type { EventLog } from '../shared/log.ts';
import { LOG_EVENTS } from '../shared/log-events.ts';
import type { Metrics } from '../shared/metrics.ts';
import { lifecycleFinding } from '../shared/model-lifecycle.ts';
import { findModel, lifecycleWarning, type ModelEntry } from '../shared/models.ts';

export interface CheckModelsDeps {
  client: BedrockClient;
  log: EventLog;
  metrics: Metrics;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** The models of the pipeline. */
  modelIds: readonly string[];
}

export interface CheckModelsResult {
  /** The models that are legacy or near their end, by model id, each with what Bedrock says. */
  nearEndOfLife: Record<string, string>;
}

/** A Region that reaches a model through a profile only may not list it. */
const NOT_LISTED = ['ResourceNotFoundException', 'ValidationException'];

/**
 * Asks Bedrock for the lifecycle of each model, logs it, and counts the models that are legacy or within 90 days of
 * their end of life among the metrics. A model that the Region does not list is only logged, with the table's dates.
 *
 * The function it returns throws what the SDK throws for any model, after it has asked for all of them.
 */
export function createCheckModels(deps: CheckModelsDeps): () => Promise<CheckModelsResult> {
  const { log, metrics, modelIds } = deps;
  return async () => {
    const nearEndOfLife: Record<string, string> = {};
    const failures: unknown[] = [];
    for (const modelId of modelIds) {
      try {
        const finding = await check(modelId, deps);
        if (finding) nearEndOfLife[modelId] = finding;
      } catch (error) {
        log.error(LOG_EVENTS.modelLifecycle, { modelId, error: String(error) });
        failures.push(error);
      }
    }
    metrics.ofPipeline({ ModelsNearEndOfLife: Object.keys(nearEndOfLife).length });
    if (failures.length > 0) throw failures[0];
    return { nearEndOfLife };
  };
}

async function check(modelId: string, { client, log, now }: CheckModelsDeps): Promise<string | undefined> {
  const entry = findModel(modelId);
  if (!entry) throw new RangeError(`modelId: found "${modelId}", allowed is a model of the table`);
  const lifecycle = await readLifecycle(client, entry);
  if (!lifecycle) {
    log.warn(LOG_EVENTS.modelLifecycle, { modelId, status: 'not listed', warning: lifecycleWarning(entry, now()) });
    return undefined;
  }
  const finding = lifecycleFinding(lifecycle, now());
  const { replacement } = entry.model.lifecycle;
  const facts = { modelId, ...lifecycle };
  if (finding) log.warn(LOG_EVENTS.modelLifecycle, { ...facts, finding, ...(replacement && { replacement }) });
  else log.info(LOG_EVENTS.modelLifecycle, facts);
  return finding;
}

async function readLifecycle(
  client: BedrockClient,
  { model }: ModelEntry,
): Promise<FoundationModelLifecycle | undefined> {
  try {
    const { modelDetails } = await client.send(new GetFoundationModelCommand({ modelIdentifier: model.id }));
    return modelDetails?.modelLifecycle;
  } catch (error) {
    if (error instanceof Error && NOT_LISTED.includes(error.name)) return undefined;
    throw error;
  }
}
