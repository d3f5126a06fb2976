import { unfoldCause } from '../functions/shared/unfold-cause.ts';
import type { RunOptions } from './arguments/run.ts';
import type { ExecutionFailure } from './execution.ts';
import { toOneLine } from './log/log-line.ts';

const TRY_LATER = 'try again in some minutes, or name another model with --model';

const RENEW_CREDENTIALS =
  'renew the credentials: aws sso login, aws configure or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';

/** What helps against an error, by its name. */
const ADVICE: Readonly<Record<string, string>> = {
  AccessDeniedException:
    'open the model to the account in the Bedrock console, and check that IAM allows bedrock:InvokeModel on it; new access takes up to 15 minutes',
  CredentialsProviderError: RENEW_CREDENTIALS,
  DailyQuotaExceededError: 'wait until tomorrow, or ask for more tokens per day in Service Quotas, Amazon Bedrock',
  EmptyResponseError: 'ask for more with --max-tokens, or name another model with --model',
  ExpiredTokenException: RENEW_CREDENTIALS,
  InternalServerException: TRY_LATER,
  InvalidInputError: 'correct what the cause names; --help explains the flags',
  ModelConnectionError: 'check the network, and AWS_REGION: the Region must have Amazon Bedrock',
  ModelErrorException: TRY_LATER,
  ModelNotReadyException: TRY_LATER,
  ModelTimeoutException: TRY_LATER,
  ResourceNotFoundException:
    'ask another model with --model or MODEL_IDS: this one has ended, or is not open to the account',
  S3RefusedError: 'check what the cause names: the object, its bucket and Region, and what IAM and KMS allow there',
  S3UnavailableError: TRY_LATER,
  ServiceUnavailableException: TRY_LATER,
  'States.Timeout': 'ask for less with --max-tokens, or name another model with --model',
  ThrottlingException:
    'wait a minute; another model or inference profile (--model) has a quota of its own; more retries or a longer delay help too',
  UnrecognizedClientException: RENEW_CREDENTIALS,
  ValidationException: 'change what the cause names: the model refuses the request as it is',
};

/** What a person is told of a failed execution: error, cause, state, execution and what to try next. */
export function reportFailure(failure: ExecutionFailure, options: RunOptions): string {
  const { error, cause, state, executionArn } = failure;
  const lines = [
    ['Error', error],
    ['Cause', unfoldCause(cause) || 'not known'],
    ['State', state ?? 'none'],
    ['Execution', executionArn],
    ['Try next', adviceFor(failure, options)],
  ];
  return lines.map(([label = '', text = '']) => `${`${label}:`.padEnd(10)} ${toOneLine(text)}\n`).join('');
}

function adviceFor({ error, cause, executionArn }: ExecutionFailure, { target, logFile }: RunOptions): string {
  if (/region is missing/i.test(cause ?? '')) return 'set AWS_REGION, in the environment or in .env';
  const advice = Object.hasOwn(ADVICE, error) ? ADVICE[error] : undefined;
  if (advice) return advice;
  if (target.kind === 'local') return logFile === undefined ? 'read the log above' : `read ${logFile}`;
  return `aws stepfunctions get-execution-history --region ${target.region} --execution-arn ${executionArn}`;
}
