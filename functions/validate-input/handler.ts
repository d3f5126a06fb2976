import type { PipelineRequest, ValidateInputEvent } from '../shared/contract.ts';
import { createObjectStore } from '../shared/lazy-object-store.ts';
import { createLambdaLog, type LambdaContext } from '../shared/log.ts';
import { readSettings } from '../shared/settings.ts';
import { createValidateInput } from './validate-input.ts';

const log = createLambdaLog();
const { modelIds, logContent, defaults, promptLocations } = readSettings(process.env);
const validateInput = createValidateInput({
  log,
  store: createObjectStore(),
  now: Date.now,
  deployedModelIds: modelIds,
  logContent,
  defaults,
  promptLocations,
});

export async function handler(event: ValidateInputEvent, context: LambdaContext): Promise<PipelineRequest> {
  log.addContext(context);
  return validateInput(event);
}
