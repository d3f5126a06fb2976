import type { JsonObject } from '../asl/json.ts';
import { ApiError } from './api-error.ts';
import { encryptionConfiguration, loggingConfiguration, tracingConfiguration } from './fields.ts';

/** The fields of CreateStateMachine and UpdateStateMachine that are kept and described, and nothing else. */
export const CONFIGURATION = { loggingConfiguration, tracingConfiguration, encryptionConfiguration };

/** What a state machine has that is created without any, as recorded on AWS. */
const DEFAULTS: JsonObject = {
  loggingConfiguration: { level: 'OFF', includeExecutionData: false },
  tracingConfiguration: { enabled: false },
};

/** The configuration given over the one before. Throws InvalidLoggingConfiguration. */
export function configure(given: { readonly [K in keyof typeof CONFIGURATION]?: unknown }, before = DEFAULTS) {
  const { loggingConfiguration: logging, ...rest } = given as Partial<Record<keyof typeof CONFIGURATION, JsonObject>>;
  const configuration = { ...before };
  if (logging) {
    const level = logging['level'] ?? 'OFF';
    const destinations = logging['destinations'] as unknown[] | undefined;
    if ((destinations?.length ?? 0) > 1 || (level !== 'OFF' && destinations?.length !== 1)) {
      const message = 'Invalid Logging Configuration: Must specify exactly one Log Destination.';
      throw new ApiError('InvalidLoggingConfiguration', message);
    }
    configuration['loggingConfiguration'] = { includeExecutionData: false, ...logging, level };
  }
  for (const [name, value] of Object.entries(rest)) if (value) configuration[name] = value;
  return configuration;
}
