import { isNativeError } from 'node:util/types';
import { type Finding, fail, warn } from './finding.ts';

/** The facts that the SDK and Node put on an error. */
interface CallError extends Error {
  code?: unknown;
  $metadata?: { httpStatusCode?: number };
}

const DENIED = ['AccessDenied', 'AccessDeniedException'];

/** Credentials that are there, and refused. */
const REFUSED = [
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'UnrecognizedClientException',
];

const RENEW = 'renew the credentials: aws sso login, aws configure, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';

/**
 * The line for a call that failed. What could not be looked at is a warning: it may be all right. `action` is the IAM
 * action of the call. Throws what is no error of the SDK.
 */
export function describeFailure(what: string, error: unknown, action: string): Finding {
  if (!isNativeError(error)) throw error;
  const { name, code, $metadata } = error as CallError;
  const message = (error.message.split('\n')[0] ?? '').trim();
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') {
    return warn(what, `no credentials (${message})`, 'for checks in the account, run aws sso login or aws configure');
  }
  if (REFUSED.includes(name)) return fail(what, `${name} (${message})`, RENEW);
  if (DENIED.includes(name)) return warn(what, `not checked: ${name}`, `allow ${action} to these credentials`);
  if ($metadata?.httpStatusCode) return warn(what, `not checked: ${name} (${message})`, 'see what the message names');
  if (typeof code !== 'string' && name !== 'TimeoutError') throw error;
  const reason = typeof code === 'string' && !message.includes(code) ? `${code} ${message}`.trim() : message;
  return warn(what, `not checked: AWS cannot be reached (${reason})`, 'check the network, and AWS_REGION');
}
