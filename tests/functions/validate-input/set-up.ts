import { InvalidInputError } from '../../../functions/shared/errors.ts';
import type { RequestDefaults } from '../../../functions/shared/model-settings.ts';
import { DEFAULT_MODEL_IDS } from '../../../functions/shared/models.ts';
import { createValidateInput } from '../../../functions/validate-input/validate-input.ts';
import { type MemoryObjects, memoryObjects } from '../../support/memory-objects.ts';
import { NO_DEFAULTS } from '../../support/settings.ts';
import { recordingLog } from '../recording-log.ts';

export const HAIKU_5 = 'global.anthropic.claude-haiku-5-5';
export const HAIKU_4 = 'global.anthropic.claude-haiku-4-5-20251001-v1:0';
export const HAIKU_3 = 'us.anthropic.claude-3-5-haiku-20241022-v1:0';
export const DEPLOYED = `${HAIKU_5} or ${HAIKU_4}`;

interface Settings {
  logContent?: boolean;
  now?: string;
  deployedModelIds?: readonly string[];
  defaults?: RequestDefaults;
  promptLocations?: readonly string[];
  objects?: MemoryObjects;
}

/** The function with the default chain deployed, on a day when both of its models are alive. */
export function setUp({
  logContent = true,
  now = '2026-11-24',
  deployedModelIds = DEFAULT_MODEL_IDS,
  defaults = NO_DEFAULTS,
  promptLocations = ['s3://payloads/prompts/', 's3://mine/'],
  objects = {},
}: Settings = {}) {
  const log = recordingLog();
  const validate = createValidateInput({
    defaults,
    log,
    store: memoryObjects(objects),
    logContent,
    now: () => Date.parse(now),
    deployedModelIds,
    promptLocations,
  });
  return { log, validate: (input: unknown) => validate({ input, executionId: 'arn:1', executionName: 'run-1' }) };
}

/** The problems that the input is rejected with. */
export async function problemsOf(input: unknown, settings: Settings = {}): Promise<readonly string[]> {
  const error = await setUp(settings)
    .validate(input)
    .then(() => undefined)
    .catch((thrown: unknown) => thrown);
  if (!(error instanceof InvalidInputError)) throw new Error('the input was accepted', { cause: error });
  return error.problems;
}
