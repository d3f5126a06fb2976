import { describe, expect, test } from '@jest/globals';
import { parseArguments, type RunOptions } from '../../cli/arguments/run.ts';
import { reportFailure } from '../../cli/failure-report.ts';
import { describeServiceError } from '../../cli/service-error.ts';

const ARN = 'arn:aws:states:eu-west-1:123456789012:stateMachine:pipeline';
const EXECUTION = 'arn:aws:states:eu-west-1:123456789012:execution:pipeline:1';

const options = (argv: string[], env: NodeJS.ProcessEnv = {}) => parseArguments(argv, env) as RunOptions;
const AWS = options([], { STATE_MACHINE_ARN: ARN });
const LOCAL = options([]);

describe('the report of a failed execution', () => {
  const failure = { status: 'failed', executionArn: EXECUTION, state: 'InvokeModel' } as const;

  test('says error, cause, state, execution and what to try next', () => {
    expect(reportFailure({ ...failure, error: 'AccessDeniedException', cause: 'No access\nto it.' }, AWS)).toBe(
      `Error:     AccessDeniedException
Cause:     No access to it.
State:     InvokeModel
Execution: ${EXECUTION}
Try next:  open the model to the account in the Bedrock console, and check that IAM allows bedrock:InvokeModel on it; new access takes up to 15 minutes
`,
    );
  });

  test.each([
    [
      'on AWS the command that shows the history',
      AWS,
      `aws stepfunctions get-execution-history --region eu-west-1 --execution-arn ${EXECUTION}`,
    ],
    ['on a laptop the log file', LOCAL, 'read logs/pipeline.log'],
    ['without a log file the log', options(['--no-log-file']), 'read the log above'],
  ])('an error that nothing is known about: %s', (_, target, advice) => {
    expect(reportFailure({ ...failure, state: undefined, error: 'TypeError', cause: undefined }, target)).toBe(
      `Error:     TypeError\nCause:     not known\nState:     none\nExecution: ${EXECUTION}\nTry next:  ${advice}\n`,
    );
  });

  test('a missing Region is told by the cause', () => {
    const text = reportFailure({ ...failure, error: 'Error', cause: 'Region is missing' }, LOCAL);
    expect(text.split('\n').at(-2)).toBe('Try next:  set AWS_REGION, in the environment or in .env');
  });
});

describe('the line about a service', () => {
  const error = (name: string, message: string, facts: object = {}) =>
    Object.assign(new Error(message), { name, ...facts });
  const answered = { $metadata: { httpStatusCode: 400 } };
  const CREDENTIALS = 'run aws sso login or aws configure, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY';

  test.each([
    [
      error('Error', 'connect ECONNREFUSED 127.0.0.1:9', { code: 'ECONNREFUSED' }),
      'Step Functions in eu-west-1 cannot be reached (connect ECONNREFUSED 127.0.0.1:9): check the network and AWS_ENDPOINT_URL_SFN; or use --target local',
    ],
    [
      error('AggregateError', '', { code: 'ECONNREFUSED' }),
      'Step Functions in eu-west-1 cannot be reached (ECONNREFUSED): check the network and AWS_ENDPOINT_URL_SFN; or use --target local',
    ],
    [
      error('TimeoutError', 'Socket timed out'),
      'Step Functions in eu-west-1 cannot be reached (Socket timed out): check the network and AWS_ENDPOINT_URL_SFN; or use --target local',
    ],
    [
      error('CredentialsProviderError', 'Could not load credentials\nfrom anywhere'),
      `No AWS credentials (Could not load credentials): ${CREDENTIALS}; or use --target local`,
    ],
    [
      error('ExpiredTokenException', 'The security token included in the request is expired', answered),
      `Step Functions refused: ExpiredTokenException (The security token included in the request is expired): ${CREDENTIALS}`,
    ],
    [
      error('StateMachineDoesNotExist', `State Machine Does Not Exist: '${ARN}'`, answered),
      `Step Functions refused: StateMachineDoesNotExist (State Machine Does Not Exist: '${ARN}'): set STATE_MACHINE_ARN to the ARN that "npm run deploy" printed`,
    ],
    [error('KmsThrottlingException', '', answered), 'Step Functions refused: KmsThrottlingException'],
  ])('%s', (thrown, text) => {
    expect(describeServiceError(thrown, AWS.target)).toBe(text);
  });

  test.each([new TypeError('x is undefined'), 'text'])('%s is a bug and gets none', (thrown) => {
    expect(describeServiceError(thrown, AWS.target)).toBeUndefined();
  });
});
