import type { ModelFeatures, RequestDefaults } from '../../functions/shared/model-settings.ts';

/** Of a deployment that asks for none. */
export const NO_FEATURES: ModelFeatures = { promptCaching: false, serviceTier: 'default' };

/** Of a deployment that names none. */
export const NO_DEFAULTS: RequestDefaults = { inferenceConfig: {} };

/** The pipeline on a laptop where nothing is set, but for its models. */
export const UNSET = {
  promptLocations: [],
  retries: undefined,
  retryDelaySeconds: undefined,
  features: NO_FEATURES,
  defaults: NO_DEFAULTS,
  logContent: true,
  bedrock: 'stand-in',
  faults: [],
} as const;
