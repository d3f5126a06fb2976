import { isNativeError } from 'node:util/types';
import { type CallError, isConnectionFailure, wordCallFailure } from '../shared/connection-failure.ts';
import { DailyQuotaExceededError, ModelConnectionError, OWN_ERRORS } from '../shared/errors.ts';

/** The errors that Converse documents (Amazon Bedrock API Reference, Converse, Errors). */
export const CONVERSE_ERRORS: readonly string[] = [
  'AccessDeniedException',
  'InternalServerException',
  'ModelErrorException',
  'ModelNotReadyException',
  'ModelTimeoutException',
  'ResourceNotFoundException',
  'ServiceUnavailableException',
  'ThrottlingException',
  'ValidationException',
];

/** In place of a message that may hold content. */
const WITHHELD = 'message withheld, as content is not logged';

/**
 * The error that the state machine shall see for a failed call. What Bedrock, or the SDK before the call, says by name
 * keeps its name; a daily quota becomes DailyQuotaExceededError, and a call without a readable answer from Bedrock
 * ModelConnectionError. The original is the cause.
 *
 * Without `logContent` neither the messages of others nor the original are in it: both may hold parts of the prompt or of
 * the answer, and what a function throws is logged by Lambda, traced by X-Ray and sent on by EventBridge.
 */
export function toPipelineError(error: unknown, modelId: string, logContent: boolean): unknown {
  if (!isNativeError(error)) return logContent ? error : new Error(WITHHELD);
  if (OWN_ERRORS.some((OwnError) => error instanceof OwnError)) return error;
  const message = logContent ? error.message : withheld(error);
  const options = logContent ? { cause: error } : {};
  if (error.name === 'ThrottlingException' && /too many tokens per day/i.test(error.message)) {
    const quota = "The account's tokens of the day are used up, for every model of this Region";
    return new DailyQuotaExceededError(`${quota}: ${message}`, options);
  }
  if (!CONVERSE_ERRORS.includes(error.name) && isConnectionFailure(error))
    return new ModelConnectionError(`${modelId}: no answer from Bedrock (${wordCallFailure(error, message)})`, options);
  return logContent ? error : Object.assign(new Error(message), { name: error.name });
}

/** Enough for AWS's support to find the call by. */
function withheld({ $metadata }: CallError): string {
  return $metadata?.requestId ? `${WITHHELD}; request id ${$metadata.requestId}` : WITHHELD;
}
