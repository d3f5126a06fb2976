import { isNativeError } from 'node:util/types';
import { DailyQuotaExceededError, ModelConnectionError } from '../shared/errors.ts';

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

/** The facts that the SDK and Node put on an error. */
interface CallError extends Error {
  code?: unknown;
  $metadata?: { httpStatusCode?: number };
}

/**
 * The error that the state machine shall see for a failed call. What Bedrock, or the SDK before the call, says by name
 * keeps its name; a daily quota becomes DailyQuotaExceededError, and a call without a readable answer from Bedrock
 * ModelConnectionError. The original is the cause.
 */
export function toPipelineError(error: unknown, modelId: string): unknown {
  if (!isNativeError(error)) return error;
  if (error.name === 'ThrottlingException' && /too many tokens per day/i.test(error.message)) {
    const message = `The account's tokens of the day are used up, for every model of this Region: ${error.message}`;
    return new DailyQuotaExceededError(message, { cause: error });
  }
  if (CONVERSE_ERRORS.includes(error.name) || !isConnectionFailure(error)) return error;
  return new ModelConnectionError(`${modelId}: no answer from Bedrock (${wordFailure(error)})`, { cause: error });
}

/**
 * The SDK names these failures poorly: a refused port is `Error` with a code, a silent server `TimeoutError`, an HTML
 * page `SyntaxError`, and an answer without an error type `Unknown`.
 */
function isConnectionFailure({ name, code, $metadata }: CallError): boolean {
  const isUnreadable = ['TimeoutError', 'SyntaxError', 'Unknown'].includes(name);
  return isUnreadable || typeof code === 'string' || ($metadata?.httpStatusCode ?? 0) >= 500;
}

function wordFailure({ name, code, message, $metadata }: CallError): string {
  const status = $metadata?.httpStatusCode;
  const label = typeof code === 'string' ? code : name;
  // The SDK's second line is a hint for whoever debugs the SDK.
  return [status ? `HTTP ${status}` : '', label, message.split('\n')[0]].filter(Boolean).join(': ');
}
