import type { ModelFeatures, RequestDefaults } from '../../functions/shared/model-settings.ts';

/** Of a deployment that asks for none. */
export const NO_FEATURES: ModelFeatures = { promptCaching: false, serviceTier: 'default' };

/** Of a deployment that names none. */
export const NO_DEFAULTS: RequestDefaults = { inferenceConfig: {} };
