/** The facts that the SDK and Node put on an error. */
export interface CallError extends Error {
  code?: unknown;
  $metadata?: { httpStatusCode?: number; requestId?: string };
}

/**
 * Whether a call got no readable answer from its service. The SDK names these failures poorly: a refused port is `Error`
 * with a code, a silent server `TimeoutError`, an HTML page `SyntaxError`, and an answer without an error type `Unknown`.
 */
export function isConnectionFailure({ name, code, $metadata }: CallError): boolean {
  const isUnreadable = ['TimeoutError', 'SyntaxError', 'Unknown'].includes(name);
  return isUnreadable || typeof code === 'string' || ($metadata?.httpStatusCode ?? 0) >= 500;
}

/** HTTP status, name or code, and message of a failed call, as far as they are known, on one line. */
export function wordCallFailure(error: CallError, message = error.message): string {
  const { name, code, $metadata } = error;
  const status = $metadata?.httpStatusCode;
  const label = typeof code === 'string' ? code : name;
  // The SDK's second line is a hint for whoever debugs the SDK.
  return [status ? `HTTP ${status}` : '', label, message.split('\n')[0]].filter(Boolean).join(': ');
}
