import { createLambdaLog, type LambdaContext } from '../shared/log.ts';
import { createLambdaMetrics } from '../shared/metrics.ts';
import { readSettings } from '../shared/settings.ts';
import { type CheckModelsResult, createCheckModels } from './check-models.ts';
import { createLifecycleClient } from './client.ts';

const log = createLambdaLog();
const checkModels = createCheckModels({
  client: createLifecycleClient(),
  log,
  metrics: createLambdaMetrics(),
  now: Date.now,
  modelIds: readSettings(process.env).modelIds,
});

/** Invoked by a schedule, whose event says nothing. */
export async function handler(_: unknown, context: LambdaContext): Promise<CheckModelsResult> {
  log.addContext(context);
  return checkModels();
}
