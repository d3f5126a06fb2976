import { describe, expect, test } from '@jest/globals';
import { FIRST_MODEL, type PipelineRun, type Reply, runPipeline, SECOND_MODEL } from '../support/pipeline.ts';
import { eventLines, START } from '../support/run.ts';

const PROMPT = { prompt: 'Tell me a joke' };
const ANSWER: Reply = { text: 'Why did the Lambda go home? It timed out.' };
const fails = (error: string, times = 1): Reply[] => Array.from({ length: times }, () => ({ error }));

const answered = (changes: object) => ({
  requestId: 'run-1',
  modelId: FIRST_MODEL,
  response: 'Why did the Lambda go home? It timed out.',
  responseUri: null,
  stopReason: 'end_turn',
  complete: true,
  warnings: [],
  usage: { inputTokens: 10, outputTokens: 20, totalTokens: 30 },
  estimatedCostUsd: expect.any(Number),
  estimatedCost: { modelUsd: 0.000011, stepFunctionsUsd: expect.any(Number), lambdaUsd: expect.any(Number) },
  latencyMs: 400,
  attempts: 1,
  fallbackFrom: [],
  ...changes,
});

/** What the second model's answer looks like: dearer, and near its end. */
const answeredBySecond = (changes: object) =>
  answered({
    modelId: SECOND_MODEL,
    estimatedCost: { modelUsd: 0.00011, stepFunctionsUsd: expect.any(Number), lambdaUsd: expect.any(Number) },
    warnings: [
      `${SECOND_MODEL} may reach its end of life any day from 2026-10-16 on; use global.anthropic.claude-haiku-5-5 instead`,
    ],
    ...changes,
  });

const output = ({ end }: PipelineRun): unknown => JSON.parse(end.output ?? 'null');
/** The model of each call, in order. */
const models = ({ log }: PipelineRun): unknown[] =>
  log.flatMap(([, event, { modelId }]) => (['invocation_failed', 'model_responded'].includes(event) ? [modelId] : []));
/** Seconds from the start at which InvokeModel's tasks were scheduled. */
const attemptTimes = ({ events }: PipelineRun): number[] => {
  const scheduled = events.filter(
    ({ type, details }) => type === 'TaskScheduled' && JSON.stringify(details).includes('retryCount'),
  );
  return scheduled.map(({ timestamp }) => (timestamp - START) / 1000);
};

describe('the pipeline', () => {
  test('answers at the first call', async () => {
    const run = await runPipeline(PROMPT, [ANSWER]);
    expect(run.end.status).toBe('SUCCEEDED');
    expect(output(run)).toEqual(answered({}));
    expect(run.log.map(([level, event]) => `${level} ${event}`)).toEqual([
      'info prompt_received',
      'info model_responded',
      'info response',
    ]);
    expect(eventLines(run.events)).toEqual([
      '0 1<-0 ExecutionStarted',
      '0 2<-0 TaskStateEntered ValidateInput',
      '0 3<-2 TaskScheduled',
      '0 4<-3 TaskStarted',
      '0 5<-4 TaskSucceeded',
      '0 6<-5 TaskStateExited ValidateInput',
      '0 7<-6 TaskStateEntered InvokeModel',
      '0 8<-7 TaskScheduled',
      '0 9<-8 TaskStarted',
      '0 10<-9 TaskSucceeded',
      '0 11<-10 TaskStateExited InvokeModel',
      '0 12<-11 TaskStateEntered LogResponse',
      '0 13<-12 TaskScheduled',
      '0 14<-13 TaskStarted',
      '0 15<-14 TaskSucceeded',
      '0 16<-15 TaskStateExited LogResponse',
      '0 17<-16 TaskStateEntered AnnounceSuccess',
      '0 18<-17 TaskScheduled',
      '0 19<-18 TaskStarted',
      '0 20<-19 TaskSucceeded',
      '0 21<-20 TaskStateExited AnnounceSuccess',
      '0 22<-21 SucceedStateEntered PipelineSucceeded',
      '0 23<-22 SucceedStateExited PipelineSucceeded',
      '0 24<-23 ExecutionSucceeded',
    ]);
  });

  test('fails twice and then answers, 2 seconds apart', async () => {
    const run = await runPipeline(PROMPT, [...fails('ModelTimeoutException'), ...fails('ModelErrorException'), ANSWER]);
    expect(output(run)).toEqual(answered({ attempts: 3 }));
    expect(eventLines(run.events)).toEqual([
      '0 1<-0 ExecutionStarted',
      '0 2<-0 TaskStateEntered ValidateInput',
      '0 3<-2 TaskScheduled',
      '0 4<-3 TaskStarted',
      '0 5<-4 TaskSucceeded',
      '0 6<-5 TaskStateExited ValidateInput',
      '0 7<-6 TaskStateEntered InvokeModel',
      '0 8<-7 TaskScheduled',
      '0 9<-8 TaskStarted',
      '0 10<-9 TaskFailed ModelTimeoutException',
      '2 11<-10 TaskScheduled',
      '2 12<-11 TaskStarted',
      '2 13<-12 TaskFailed ModelErrorException',
      '4 14<-13 TaskScheduled',
      '4 15<-14 TaskStarted',
      '4 16<-15 TaskSucceeded',
      '4 17<-16 TaskStateExited InvokeModel',
      '4 18<-17 TaskStateEntered LogResponse',
      '4 19<-18 TaskScheduled',
      '4 20<-19 TaskStarted',
      '4 21<-20 TaskSucceeded',
      '4 22<-21 TaskStateExited LogResponse',
      '4 23<-22 TaskStateEntered AnnounceSuccess',
      '4 24<-23 TaskScheduled',
      '4 25<-24 TaskStarted',
      '4 26<-25 TaskSucceeded',
      '4 27<-26 TaskStateExited AnnounceSuccess',
      '4 28<-27 SucceedStateEntered PipelineSucceeded',
      '4 29<-28 SucceedStateExited PipelineSucceeded',
      '4 30<-29 ExecutionSucceeded',
    ]);
    expect(run.log.map(([, event]) => event)).toEqual([
      'prompt_received',
      'invocation_failed',
      'retry',
      'invocation_failed',
      'retry',
      'model_responded',
      'response',
    ]);
  });

  test('tells the function which attempt it is', async () => {
    const run = await runPipeline(PROMPT, [...fails('ModelTimeoutException', 2), ANSWER]);
    const payloads = run.events.flatMap(({ type, details }) =>
      type === 'TaskScheduled' && details && 'parameters' in details ? [JSON.parse(details.parameters).Payload] : [],
    );
    expect(payloads.filter((payload) => payload && 'retryCount' in payload)).toEqual(
      [0, 1, 2].map((retryCount) => ({
        request: {
          requestId: 'run-1',
          prompt: 'Tell me a joke',
          messages: [],
          modelIds: [FIRST_MODEL, SECOND_MODEL],
          inferenceConfig: { maxTokens: 4096 },
          metadata: {},
        },
        modelId: FIRST_MODEL,
        retryCount,
        attempts: retryCount + 1,
        stateTransitions: retryCount + 6,
        executionId: 'arn:aws:states:us-east-1:123456789012:execution:machine:run-1',
      })),
    );
  });

  test('backs off with jitter when throttled, never longer than 2 and 4 seconds', async () => {
    const run = await runPipeline(PROMPT, [...fails('ThrottlingException', 2), ANSWER]);
    const [first = 0, second = 0, third = 0] = attemptTimes(run);
    expect(output(run)).toEqual(answered({ attempts: 3 }));
    expect(first).toBe(0);
    expect(second).toBeGreaterThan(0);
    expect(second).toBeLessThan(2);
    expect(third - second).toBeGreaterThan(0);
    expect(third - second).toBeLessThan(4);
  });

  test('counts throttling and other errors apart: at most 5 calls to one model', async () => {
    const mixed = ['ThrottlingException', 'ModelTimeoutException', 'ThrottlingException', 'ModelTimeoutException'];
    const run = await runPipeline(PROMPT, [...mixed.flatMap((error) => fails(error)), ANSWER]);
    expect(output(run)).toEqual(answered({ attempts: 5 }));
    expect(models(run)).toEqual(Array(5).fill(FIRST_MODEL));
  });

  test('asks the next model when all attempts of the first fail', async () => {
    const run = await runPipeline(PROMPT, [...fails('ServiceUnavailableException', 3), ANSWER]);
    expect(models(run)).toEqual([FIRST_MODEL, FIRST_MODEL, FIRST_MODEL, SECOND_MODEL]);
    expect(attemptTimes(run)).toEqual([0, 2, 4, 4]);
    expect(output(run)).toEqual(
      answeredBySecond({
        attempts: 4,
        fallbackFrom: [{ modelId: FIRST_MODEL, error: 'ServiceUnavailableException', attempts: 3 }],
      }),
    );
  });

  test('fails with the error of the last model and a cause that lists every model', async () => {
    const replies = [...fails('ModelErrorException', 3), ...fails('InternalServerException', 3)];
    const run = await runPipeline(PROMPT, replies);
    expect(run.end).toEqual({
      status: 'FAILED',
      error: 'InternalServerException',
      cause:
        `${FIRST_MODEL}: ModelErrorException after 3 attempts (ModelErrorException of the test); ` +
        `${SECOND_MODEL}: InternalServerException after 3 attempts (InternalServerException of the test)`,
    });
    expect(eventLines(run.events).slice(-14)).toEqual([
      '8 31<-30 ChoiceStateEntered NextModel',
      '8 32<-31 ChoiceStateExited NextModel',
      '8 33<-32 TaskStateEntered LogFailure',
      '8 34<-33 TaskScheduled',
      '8 35<-34 TaskStarted',
      '8 36<-35 TaskSucceeded',
      '8 37<-36 TaskStateExited LogFailure',
      '8 38<-37 TaskStateEntered AnnounceFailure',
      '8 39<-38 TaskScheduled',
      '8 40<-39 TaskStarted',
      '8 41<-40 TaskSucceeded',
      '8 42<-41 TaskStateExited AnnounceFailure',
      '8 43<-42 FailStateEntered PipelineFailed',
      '8 44<-43 ExecutionFailed InternalServerException',
    ]);
  });

  test('leaves a model that reached its end of life at once', async () => {
    const run = await runPipeline(PROMPT, [...fails('ResourceNotFoundException'), ANSWER]);
    expect(attemptTimes(run)).toEqual([0, 0]);
    expect(output(run)).toEqual(
      answeredBySecond({
        attempts: 2,
        fallbackFrom: [{ modelId: FIRST_MODEL, error: 'ResourceNotFoundException', attempts: 1 }],
      }),
    );
  });

  test.each(['ValidationException', 'AccessDeniedException', 'CredentialsProviderError', 'SomethingNewException'])(
    'makes one attempt at %s and asks no other model',
    async (error) => {
      const run = await runPipeline(PROMPT, fails(error));
      const cause = `${FIRST_MODEL}: ${error} after 1 attempt (${error} of the test)`;
      expect(run.end).toEqual({ status: 'FAILED', error, cause });
      expect(models(run)).toEqual([FIRST_MODEL]);
    },
  );

  test('retries an answer without text, then falls back', async () => {
    const run = await runPipeline(PROMPT, [{ content: [] }, { content: [] }, { content: [] }, ANSWER]);
    expect(attemptTimes(run)).toEqual([0, 2, 4, 4]);
    expect(output(run)).toMatchObject({
      modelId: SECOND_MODEL,
      fallbackFrom: [{ modelId: FIRST_MODEL, error: 'EmptyResponseError', attempts: 3 }],
    });
  });

  test('fails at once, under a name of its own, when the daily quota is used up', async () => {
    const message = 'Too many tokens per day, please wait before trying again.';
    const run = await runPipeline(PROMPT, [{ error: 'ThrottlingException', message }]);
    expect(run.end.error).toBe('DailyQuotaExceededError');
    expect(run.end.cause).toMatch(/^global\.anthropic\.claude-haiku-5-5: DailyQuotaExceededError after 1 attempt \(/);
    expect(models(run)).toEqual([FIRST_MODEL]);
  });

  test('falls back when the state times out, which carries no cause', async () => {
    const hangs = ({ arguments: text }: { arguments: string }) => text.includes(`"modelId":"${FIRST_MODEL}"`);
    const run = await runPipeline(PROMPT, [ANSWER], { hangs });
    expect(attemptTimes(run)).toEqual([0, 200]);
    expect(output(run)).toMatchObject({
      modelId: SECOND_MODEL,
      attempts: 2,
      fallbackFrom: [{ modelId: FIRST_MODEL, error: 'States.Timeout', attempts: 1 }],
    });
  });

  test('says so when every model times out', async () => {
    const run = await runPipeline(PROMPT, [], { hangs: ({ stateName }) => stateName === 'InvokeModel' });
    expect(run.end).toEqual({
      status: 'FAILED',
      error: 'States.Timeout',
      cause:
        `${FIRST_MODEL}: States.Timeout after 1 attempt (it timed out); ` +
        `${SECOND_MODEL}: States.Timeout after 1 attempt (it timed out)`,
    });
  });

  test('keeps the answer when logging it fails', async () => {
    const broken = () => {
      throw new Error('no log');
    };
    const run = await runPipeline(PROMPT, [ANSWER], { overrides: { LogResponse: broken } });
    expect(run.end.status).toBe('SUCCEEDED');
    expect(output(run)).toEqual(answered({}));
    expect(eventLines(run.events).slice(-13)).toEqual([
      '0 12<-11 TaskStateEntered LogResponse',
      '0 13<-12 TaskScheduled',
      '0 14<-13 TaskStarted',
      '0 15<-14 TaskFailed Error',
      '0 16<-15 TaskStateExited LogResponse',
      '0 17<-16 TaskStateEntered AnnounceSuccess',
      '0 18<-17 TaskScheduled',
      '0 19<-18 TaskStarted',
      '0 20<-19 TaskSucceeded',
      '0 21<-20 TaskStateExited AnnounceSuccess',
      '0 22<-21 SucceedStateEntered PipelineSucceeded',
      '0 23<-22 SucceedStateExited PipelineSucceeded',
      '0 24<-23 ExecutionSucceeded',
    ]);
  });

  test('keeps error and list of models when logging the failure fails', async () => {
    const broken = () => {
      throw new Error('no log');
    };
    const replies = [...fails('ResourceNotFoundException'), ...fails('ValidationException')];
    const run = await runPipeline(PROMPT, replies, { overrides: { LogFailure: broken } });
    expect(run.end).toEqual({
      status: 'FAILED',
      error: 'ValidationException',
      cause: `${FIRST_MODEL}: ResourceNotFoundException after 1 attempt; ${SECOND_MODEL}: ValidationException after 1 attempt`,
    });
  });

  test('retries Lambda itself, but asks no other model for its failures', async () => {
    const throttled = () => {
      throw Object.assign(new Error('Rate Exceeded.'), { name: 'Lambda.TooManyRequestsException' });
    };
    const run = await runPipeline(PROMPT, [], { overrides: { InvokeModel: throttled } });
    expect(attemptTimes(run)).toEqual([0, 2, 4]);
    expect(run.end).toEqual({
      status: 'FAILED',
      error: 'Lambda.TooManyRequestsException',
      cause: `${FIRST_MODEL}: Lambda.TooManyRequestsException after 3 attempts (Rate Exceeded.)`,
    });
  });

  test('rejects a bad input before any model is asked, naming every problem', async () => {
    const run = await runPipeline({ prompt: '  ', temperature: 1 }, []);
    expect(run.end).toEqual({
      status: 'FAILED',
      error: 'InvalidInputError',
      cause:
        'InvalidInputError: prompt: found a string of 2 characters with only white space, allowed is text; ' +
        'temperature: found an unknown field, allowed is one of prompt, promptUri, requestId, system, messages, modelIds, ' +
        'inferenceConfig, metadata',
    });
    expect(run.log.map(([, event]) => event)).toEqual(['input_rejected', 'pipeline_failed']);
  });

  test.each(['text', 42, null, ['prompt']])('rejects the input %j, which is no object', async (input) => {
    const run = await runPipeline(input, []);
    expect(run.end.error).toBe('InvalidInputError');
  });

  test.each([
    [0, [0, 0]],
    [1, [0, 5, 5, 10]],
  ])('retries %i times, 5 seconds apart, when configured so', async (retries, times) => {
    const replies = fails('ModelErrorException', 2 * (retries + 1));
    const run = await runPipeline(PROMPT, replies, { policy: { retries, retryDelaySeconds: 5 } });
    expect(attemptTimes(run)).toEqual(times);
  });
});
