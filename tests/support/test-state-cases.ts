import { deployed, FIRST_MODEL, SECOND_MODEL } from './pipeline.ts';

/** What one state of pipeline.asl.json makes of a mocked result or error. */
export interface TestStateCase {
  readonly state: string;
  readonly name: string;
  readonly input?: unknown;
  readonly variables?: object;
  /** What the function returned. */
  readonly payload?: unknown;
  /** What another service answered. */
  readonly result?: unknown;
  readonly error?: string;
  /** Default: the JSON of a failed function; null for none. */
  readonly cause?: string | null;
  /** How often the retrier of the error has retried, and the state with it. Default: 0. */
  readonly retryCount?: number;
  readonly expected: TestStateAnswer;
}

/** In seconds; with jitter, the most. */
export type Backoff = number | { readonly atMost: number };

/** What TestState answers, as far as the cases compare it: the variables that the case names, JSON texts parsed. */
export interface TestStateAnswer {
  readonly status: string;
  readonly nextState?: string;
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
  readonly retryIndex?: number;
  readonly backoff?: Backoff;
  readonly catchIndex?: number;
  readonly variables?: object;
}

/** The definition with names filled in, which no test calls. */
export const DEFINITION = JSON.stringify(deployed());

/** Of the execution that every case is in. */
export const CONTEXT = {
  Id: 'arn:aws:states:us-east-1:123456789012:execution:pipeline:run-1',
  Name: 'run-1',
};

const REQUEST = {
  requestId: 'run-1',
  prompt: 'Tell me a joke',
  messages: [],
  modelIds: [FIRST_MODEL, SECOND_MODEL],
  inferenceConfig: { maxTokens: 4096 },
  metadata: {},
};

const CAUSE = '{"errorMessage":"of the test","errorType":"Error","trace":[]}';
const INPUT = { requestId: 'run-1', modelIds: [FIRST_MODEL, SECOND_MODEL] };
const ASKING = { request: REQUEST, modelIndex: 0, attempts: 0, transitions: 3, failures: [] };
const ANSWER = {
  modelId: FIRST_MODEL,
  response: 'Knock, knock.',
  responseUri: null,
  stopReason: 'end_turn',
  complete: true,
  warnings: [],
  usage: { inputTokens: 10, outputTokens: 20, totalTokens: 30 },
  estimatedCostUsd: 0.0001366,
  estimatedCost: { modelUsd: 0.000011, stepFunctionsUsd: 0.000125, lambdaUsd: 0.0000006 },
  latencyMs: 400,
};
const OUTPUT = { requestId: 'run-1', ...ANSWER, attempts: 1, fallbackFrom: [] };

const errorOutput = (error: string, cause: string | null = CAUSE) => ({ Error: error, ...(cause && { Cause: cause }) });

/** InvokeModel gives up the first model. */
const givenUp = (error: string, attempts: number, cause: string | null = CAUSE) => ({
  attempts,
  transitions: ASKING.transitions + attempts,
  failures: [{ modelId: FIRST_MODEL, error, cause, attempts }],
  failure: errorOutput(error, cause),
});

const invokeModel = (name: string, rest: Omit<TestStateCase, 'state' | 'name' | 'input' | 'variables'>) => ({
  state: 'InvokeModel',
  name,
  input: INPUT,
  variables: ASKING,
  ...rest,
});

const retried = (error: string, retryCount: number, retryIndex: number, backoff: Backoff) =>
  invokeModel(`retries ${error} after ${retryCount} retries`, {
    error,
    retryCount,
    expected: { status: 'RETRIABLE', error, cause: CAUSE, retryIndex, backoff },
  });

const caught = (error: string, retryCount: number, catchIndex: number, nextState: string, cause?: string | null) =>
  invokeModel(`gives the model up for ${error} after ${retryCount} retries`, {
    error,
    retryCount,
    ...(cause !== undefined && { cause }),
    expected: {
      status: 'CAUGHT_ERROR',
      error,
      ...(cause !== null && { cause: cause ?? CAUSE }),
      catchIndex,
      nextState,
      output: errorOutput(error, cause),
      variables: givenUp(error, retryCount + 1, cause),
    },
  });

/** The retrier that names the error has no retry left. */
function exhausted(error: string, retryIndex: number, catchIndex: number, nextState: string): TestStateCase {
  const one = caught(error, 2, catchIndex, nextState);
  return { ...one, expected: { ...one.expected, retryIndex } };
}

/** ValidateInput leaves its input behind: LogFailure knows the execution's name alone. */
const refused = (
  error: string,
  catchIndex: number,
  retried: { retryIndex?: number } = {},
  failure = errorOutput(error),
): TestStateCase => ({
  state: 'ValidateInput',
  name: `fails with ${error}`,
  input: {},
  error,
  retryCount: retried.retryIndex === undefined ? 0 : 2,
  expected: {
    ...retried,
    status: 'CAUGHT_ERROR',
    error,
    cause: CAUSE,
    catchIndex,
    nextState: 'LogFailure',
    output: errorOutput(error),
    variables: {
      request: { requestId: 'run-1', metadata: {} },
      attempts: 0,
      transitions: retried.retryIndex === undefined ? 3 : 5,
      failures: [],
      failure,
    },
  },
});

/** What an input fails with that is too large for the payload of the state that would say so. */
const TOO_LARGE = errorOutput(
  'InvalidInputError',
  'request: found more JSON than a payload holds, allowed is at most 204800 bytes in UTF-8; a longer prompt goes to S3, as promptUri',
);

const FAILING = { ...ASKING, ...givenUp('ThrottlingException', 3) };

/** A state that announces an end leads on, whatever becomes of the announcement. */
function announcing(
  state: string,
  nextState: string,
  given: Pick<TestStateCase, 'input' | 'variables'>,
): TestStateCase[] {
  const output = state === 'AnnounceSuccess' ? { output: given.input } : {};
  const failing = (error: string, retryCount: number, expected: Partial<TestStateAnswer>): TestStateCase => ({
    state,
    name: `gets ${error} after ${retryCount} retries`,
    ...given,
    error,
    retryCount,
    expected: { status: 'CAUGHT_ERROR', error, cause: CAUSE, ...expected },
  });
  const caughtBy = (catchIndex: number, error: string) => ({
    catchIndex,
    nextState,
    output: errorOutput(error),
    ...output,
  });
  const [long, refused] = ['States.DataLimitExceeded', 'EventBridge.FailedEntry'];
  return [
    {
      state,
      name: 'puts an event',
      ...given,
      result: { Entries: [{ EventId: '11111111-1111-4111-8111-111111111111' }], FailedEntryCount: 0 },
      expected: { status: 'SUCCEEDED', nextState, ...output },
    },
    failing(refused, 1, { status: 'RETRIABLE', retryIndex: 1, backoff: { atMost: 2 } }),
    failing(refused, 2, { retryIndex: 1, ...caughtBy(1, refused) }),
    failing(long, 0, { retryIndex: 0, ...caughtBy(0, long) }),
  ];
}

export const TEST_STATE_CASES: readonly TestStateCase[] = [
  // No recording shows it, so it comes first: RetryCount is read in Catch.Assign.
  caught('ValidationException', 0, 1, 'LogFailure'),
  exhausted('ThrottlingException', 0, 0, 'NextModel'),
  {
    state: 'ValidateInput',
    name: 'assigns the request',
    input: { prompt: 'Tell me a joke' },
    payload: REQUEST,
    expected: { status: 'SUCCEEDED', nextState: 'InvokeModel', output: INPUT, variables: ASKING },
  },
  refused('InvalidInputError', 0),
  refused('States.DataLimitExceeded', 1, {}, TOO_LARGE),
  refused('S3RefusedError', 0),
  refused('S3UnavailableError', 0, { retryIndex: 0 }),
  refused('States.Timeout', 2),
  refused('Lambda.TooManyRequestsException', 2, { retryIndex: 0 }),
  {
    state: 'ValidateInput',
    name: 'retries Lambda itself',
    input: {},
    error: 'Lambda.TooManyRequestsException',
    retryCount: 1,
    expected: {
      status: 'RETRIABLE',
      error: 'Lambda.TooManyRequestsException',
      cause: CAUSE,
      retryIndex: 0,
      backoff: 2,
    },
  },
  invokeModel('passes the answer on', {
    payload: ANSWER,
    expected: { status: 'SUCCEEDED', nextState: 'LogResponse', output: OUTPUT },
  }),
  invokeModel('counts the attempts of an answer after two retries', {
    payload: ANSWER,
    retryCount: 2,
    expected: { status: 'SUCCEEDED', nextState: 'LogResponse', output: { ...OUTPUT, attempts: 3 } },
  }),
  retried('ThrottlingException', 0, 0, { atMost: 2 }),
  retried('ThrottlingException', 1, 0, { atMost: 4 }),
  retried('ModelTimeoutException', 0, 1, 2),
  retried('ModelTimeoutException', 1, 1, 2),
  retried('EmptyResponseError', 1, 1, 2),
  retried('Sandbox.Timedout', 0, 1, 2),
  exhausted('ModelTimeoutException', 1, 0, 'NextModel'),
  caught('ResourceNotFoundException', 0, 0, 'NextModel'),
  caught('States.Timeout', 0, 0, 'NextModel', null),
  caught('DailyQuotaExceededError', 1, 1, 'LogFailure'),
  caught('States.DataLimitExceeded', 0, 2, 'LogFailure'),
  exhausted('Sandbox.Timedout', 1, 3, 'LogFailure'),
  caught('SomethingNewException', 0, 3, 'LogFailure'),
  {
    state: 'NextModel',
    name: 'goes on to the second model',
    input: errorOutput('ThrottlingException'),
    variables: FAILING,
    expected: {
      status: 'SUCCEEDED',
      nextState: 'InvokeModel',
      output: errorOutput('ThrottlingException'),
      variables: { modelIndex: 1, transitions: 7 },
    },
  },
  {
    state: 'NextModel',
    name: 'ends after the last model',
    input: errorOutput('ThrottlingException'),
    variables: { ...FAILING, modelIndex: 1 },
    expected: {
      status: 'SUCCEEDED',
      nextState: 'LogFailure',
      output: errorOutput('ThrottlingException'),
      variables: { modelIndex: 1, transitions: 7 },
    },
  },
  {
    state: 'LogResponse',
    name: 'keeps the answer',
    input: OUTPUT,
    variables: ASKING,
    payload: null,
    expected: { status: 'SUCCEEDED', nextState: 'AnnounceSuccess', output: OUTPUT },
  },
  {
    state: 'LogResponse',
    name: 'keeps the answer when it fails',
    input: OUTPUT,
    variables: ASKING,
    error: 'Runtime.ExitError',
    expected: {
      status: 'CAUGHT_ERROR',
      error: 'Runtime.ExitError',
      cause: CAUSE,
      catchIndex: 1,
      nextState: 'AnnounceSuccess',
      output: OUTPUT,
    },
  },
  {
    state: 'LogFailure',
    name: 'takes the cause from its function',
    input: errorOutput('ThrottlingException'),
    variables: FAILING,
    payload: { cause: 'in words' },
    expected: { status: 'SUCCEEDED', nextState: 'AnnounceFailure', variables: { cause: 'in words' } },
  },
  {
    state: 'LogFailure',
    name: 'words the cause when it fails',
    input: errorOutput('ThrottlingException'),
    variables: FAILING,
    error: 'Runtime.ExitError',
    expected: {
      status: 'CAUGHT_ERROR',
      error: 'Runtime.ExitError',
      cause: CAUSE,
      catchIndex: 1,
      nextState: 'AnnounceFailure',
      variables: { cause: `${FIRST_MODEL}: ThrottlingException after 3 attempts` },
    },
  },
  {
    state: 'PipelineFailed',
    name: 'has the error of the last model',
    input: {},
    variables: { ...FAILING, cause: 'in words' },
    expected: { status: 'FAILED', error: 'ThrottlingException', cause: 'in words' },
  },
  ...announcing('AnnounceSuccess', 'PipelineSucceeded', { input: OUTPUT, variables: ASKING }),
  ...announcing('AnnounceFailure', 'PipelineFailed', {
    input: errorOutput('ThrottlingException'),
    variables: { ...FAILING, cause: 'in words' },
  }),
];
