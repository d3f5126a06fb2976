import type { PipelineRequest, ValidateInputEvent } from '../shared/contract.ts';
import { createLambdaLog, type LambdaContext } from '../shared/log.ts';
import { createLambdaMetrics } from '../shared/metrics.ts';
import { readSettings } from '../shared/settings.ts';
import { createValidateInput } from './validate-input.ts';

const log = createLambdaLog();
const { modelIds, logContent, defaults } = readSettings(process.env);
const validateInput = createValidateInput({
  log,
  metrics: createLambdaMetrics(),
  now: Date.now,
  deployedModelIds: modelIds,
  logContent,
  defaults,
});

export async function handler(event: ValidateInputEvent, context: LambdaContext): Promise<PipelineRequest> {
  log.addContext(context);
  return validateInput(event);
}
