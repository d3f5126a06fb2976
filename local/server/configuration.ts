import type { Json, JsonObject } from '../asl/json.ts';
import { ApiError } from './api-error.ts';
import { encryptionConfiguration, loggingConfiguration, tracingConfiguration } from './fields.ts';

/** The fields of CreateStateMachine and UpdateStateMachine that are kept and described, and nothing else. */
export const CONFIGURATION = { loggingConfiguration, tracingConfiguration, encryptionConfiguration };

/** What a state machine has that is created without any, as recorded on AWS. */
const DEFAULTS: JsonObject = {
  loggingConfiguration: { level: 'OFF', includeExecutionData: false },
  tracingConfiguration: { enabled: false },
};

type Given = { readonly [K in keyof typeof CONFIGURATION]: unknown };

/** The configuration given over the one before. Throws InvalidLoggingConfiguration. */
export function configure(given: Given, before = DEFAULTS): JsonObject {
  const { loggingConfiguration, tracingConfiguration, encryptionConfiguration } = given as Record<keyof Given, Json>;
  return {
    ...before,
    ...(loggingConfiguration && { loggingConfiguration: completeLogging(loggingConfiguration as JsonObject) }),
    ...(tracingConfiguration && { tracingConfiguration }),
    ...(encryptionConfiguration && { encryptionConfiguration }),
  };
}

function completeLogging(logging: JsonObject): JsonObject {
  const { level = 'OFF', destinations = [] } = logging;
  const count = (destinations as Json[]).length;
  if (count > 1 || (level !== 'OFF' && count === 0)) {
    const message = 'Invalid Logging Configuration: Must specify exactly one Log Destination.';
    throw new ApiError('InvalidLoggingConfiguration', message);
  }
  return { includeExecutionData: false, ...logging, level };
}
