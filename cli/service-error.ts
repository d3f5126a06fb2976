import type { AwsOptions, LocalOptions } from './targets/target.ts';

/** The facts that the SDK and Node put on an error. */
interface CallError extends Error {
  code?: unknown;
  errors?: readonly Error[];
  $metadata?: { httpStatusCode?: number };
}

const CREDENTIALS = 'run aws sso login or aws configure, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';

const CREDENTIALS_ERRORS = ['CredentialsProviderError', 'TokenProviderError'];

/** What helps against an error of the service, by its name. */
const ADVICE: Readonly<Record<string, string>> = {
  AccessDeniedException:
    'allow states:StartExecution, StopExecution, GetExecutionHistory and DescribeStateMachineForExecution to these credentials',
  ExpiredTokenException: CREDENTIALS,
  InvalidSignatureException: CREDENTIALS,
  StateMachineDoesNotExist: 'set STATE_MACHINE_ARN to the ARN that "npm run deploy" printed',
  UnrecognizedClientException: CREDENTIALS,
};

/**
 * The one line for a user when Step Functions could not be reached or refused; undefined for any other error, which is
 * a bug.
 */
export function describeServiceError(error: unknown, target: LocalOptions | AwsOptions): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, code, $metadata } = error as CallError;
  const message = (error.message.split('\n')[0] ?? '').trim();
  if (CREDENTIALS_ERRORS.includes(name))
    return `No AWS credentials (${message}): ${CREDENTIALS}; or use --target local`;
  if ($metadata?.httpStatusCode) {
    const advice = Object.hasOwn(ADVICE, name) ? `: ${ADVICE[name]}` : '';
    return `Step Functions refused: ${name}${message && ` (${message})`}${advice}`;
  }
  if (typeof code !== 'string' && name !== 'TimeoutError') return undefined;
  const region = target.kind === 'aws' ? ` in ${target.region}` : '';
  const reason = typeof code === 'string' && !message.includes(code) ? `${code} ${message}`.trim() : message;
  return `Step Functions${region} cannot be reached (${reason}): check the network and AWS_ENDPOINT_URL_SFN; or use --target local`;
}
