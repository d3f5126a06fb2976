import { isNativeError } from 'node:util/types';
import { S3RefusedError, S3UnavailableError } from '../functions/shared/errors.ts';
import type { SendOptions } from './arguments/send.ts';
import type { AwsBatchOptions } from './batch/aws-options.ts';
import type { AwsOptions, LocalOptions } from './targets/target.ts';

/** The facts that the SDK and Node put on an error. */
interface CallError extends Error {
  code?: unknown;
  errors?: readonly Error[];
  $metadata?: { httpStatusCode?: number };
}

const CREDENTIALS = 'run aws sso login or aws configure, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';

/** Names of errors that credentials help against, in any service. */
const CREDENTIALS_ADVICE = {
  ExpiredTokenException: CREDENTIALS,
  InvalidSignatureException: CREDENTIALS,
  UnrecognizedClientException: CREDENTIALS,
};

const CREDENTIALS_ERRORS = ['CredentialsProviderError', 'TokenProviderError'];

/** One service in the words for its user. */
interface ServiceWords {
  /** `Step Functions`, and where it is. */
  readonly name: string;
  readonly place: string;
  /** What helps against an error of the service, by its name. */
  readonly advice: Readonly<Record<string, string>>;
  /** What to check when it cannot be reached. */
  readonly check: string;
  /** What to do without it. */
  readonly otherwise: string;
}

/**
 * The one line for a user when Step Functions, or S3 beside it, could not be reached or refused; undefined for any other error, which is
 * a bug.
 */
export function describeServiceError(error: unknown, target: LocalOptions | AwsOptions): string | undefined {
  return describe(error, {
    name: 'Step Functions',
    place: target.kind === 'aws' ? ` in ${target.region}` : '',
    advice: {
      AccessDeniedException:
        'allow states:StartExecution, StopExecution, GetExecutionHistory and DescribeStateMachineForExecution to these credentials',
      StateMachineDoesNotExist: 'set STATE_MACHINE_ARN to the ARN that "npm run deploy" printed',
    },
    check: 'check the network and AWS_ENDPOINT_URL_SFN',
    otherwise: 'or use --target local',
  });
}

/** As describeServiceError, of a batch: Step Functions or S3. */
export function describeBatchError(error: unknown, target: { kind: 'local' } | AwsBatchOptions): string | undefined {
  return describe(error, {
    name: 'AWS',
    place: target.kind === 'aws' ? ` in ${target.region}` : '',
    advice: {
      AccessDeniedException:
        'allow states:DescribeStateMachine, StartExecution, RedriveExecution, DescribeExecution, ListMapRuns, DescribeMapRun, UpdateMapRun and ListExecutions to these credentials',
      AccessDenied:
        'allow s3:GetObject, s3:PutObject and s3:AbortMultipartUpload on the objects of the batch bucket to these credentials',
      StateMachineDoesNotExist: 'set BATCH_STATE_MACHINE_ARN to the ARN that "npm run deploy" printed',
      ExecutionDoesNotExist: 'name one of the batch machine that began at most 90 days ago',
      NoSuchBucket: 'set BATCH_BUCKET_NAME to the name that "npm run deploy" printed',
    },
    check: 'check the network, AWS_ENDPOINT_URL_SFN and AWS_ENDPOINT_URL_S3',
    otherwise: 'or use --target local',
  });
}

/** As describeServiceError, of EventBridge, and of S3 beside it. */
export function describeEventBridgeError(
  error: unknown,
  { endpointUrl, region }: Pick<SendOptions, 'endpointUrl' | 'region'>,
): string | undefined {
  if (/region is missing/i.test(String((error as Error | undefined)?.message))) {
    return 'AWS_REGION: found none, allowed is the Region of the event bus, in the environment or in .env';
  }
  const isLocal = endpointUrl !== undefined;
  return describe(error, {
    name: 'EventBridge',
    place: isLocal ? ` at ${endpointUrl}` : region === undefined ? '' : ` in ${region}`,
    advice: { AccessDeniedException: 'allow events:PutEvents on the event bus to these credentials' },
    check: isLocal ? 'start it with npm run dev' : 'check the network and AWS_ENDPOINT_URL_EVENTBRIDGE',
    otherwise: isLocal
      ? 'or name a deployed event bus with --event-bus or EVENT_BUS_NAME'
      : 'or send to a local endpoint with --endpoint-url',
  });
}

function describe(error: unknown, { name: service, place, advice, check, otherwise }: ServiceWords) {
  if (error instanceof S3UnavailableError || error instanceof S3RefusedError) return `Amazon S3: ${error.message}`;
  if (!isNativeError(error)) return undefined;
  const { name, code, $metadata } = error as CallError;
  const message = (error.message.split('\n')[0] ?? '').trim();
  if (CREDENTIALS_ERRORS.includes(name)) return `No AWS credentials (${message}): ${CREDENTIALS}; ${otherwise}`;
  if ($metadata?.httpStatusCode) {
    const known: Readonly<Record<string, string>> = { ...CREDENTIALS_ADVICE, ...advice };
    const help = Object.hasOwn(known, name) ? `: ${known[name]}` : '';
    return `${service} refused: ${name}${message && ` (${message})`}${help}`;
  }
  if (typeof code !== 'string' && name !== 'TimeoutError') return undefined;
  const reason = typeof code === 'string' && !message.includes(code) ? `${code} ${message}`.trim() : message;
  return `${service}${place} cannot be reached (${reason}): ${check}; ${otherwise}`;
}
