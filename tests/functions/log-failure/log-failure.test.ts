import { describe, expect, test } from '@jest/globals';
import jsonata from 'jsonata';
import { createLogFailure } from '../../../functions/log-failure/log-failure.ts';
import type { LogFailureEvent } from '../../../functions/shared/contract.ts';
import { readDefinition } from '../../../statemachine/definition.ts';
import { recordingLog } from '../recording-log.ts';
import { recordingMetrics } from '../recording-metrics.ts';

const EVENT: LogFailureEvent = {
  requestId: 'r-1',
  executionId: 'arn:1',
  error: 'ThrottlingException',
  cause: null,
  attempts: 4,
  stateTransitions: 9,
  failures: [],
  metadata: { team: 'platform' },
};

const lambdaCause = (errorType: string, errorMessage: string) =>
  JSON.stringify({ errorType, errorMessage, trace: [`${errorType}: ${errorMessage}`, '    at Runtime.handler'] });

const FAILURES: LogFailureEvent['failures'] = [
  {
    modelId: 'model-a',
    error: 'ThrottlingException',
    attempts: 3,
    cause: lambdaCause('ThrottlingException', 'Slow\ndown'),
  },
  { modelId: 'model-b', error: 'States.Timeout', attempts: 1, cause: null },
];

async function causeOf(event: Partial<LogFailureEvent>): Promise<string> {
  const deps = { log: recordingLog(), metrics: recordingMetrics() };
  return (await createLogFailure(deps)({ ...EVENT, ...event })).cause;
}

async function metricsOf(event: Partial<LogFailureEvent>) {
  const metrics = recordingMetrics();
  await createLogFailure({ log: recordingLog(), metrics })({ ...EVENT, ...event });
  return metrics.values;
}

test('what an EXPRESS execution costs that failed is its time', async () => {
  expect(await metricsOf({ attempts: 1 })).toMatchObject([['pipeline', { EstimatedCostUsd: 0.0002256 }]]);
  expect(await metricsOf({ attempts: 1, expressMs: 16_000 })).toMatchObject([
    ['pipeline', { EstimatedCostUsd: 0.000018267 }],
  ]);
});

test('a failure is one line with the cause for a person, and the models without their raw causes', async () => {
  const log = recordingLog();
  const { cause } = await createLogFailure({ log, metrics: recordingMetrics() })({
    ...EVENT,
    failures: FAILURES,
  });
  expect(cause).toBe(
    'model-a: ThrottlingException after 3 attempts (Slow down); model-b: States.Timeout after 1 attempt (it timed out)',
  );
  const failures = [
    { modelId: 'model-a', error: 'ThrottlingException', attempts: 3 },
    { modelId: 'model-b', error: 'States.Timeout', attempts: 1 },
  ];
  const { requestId, executionId, error, attempts, metadata } = EVENT;
  expect(log.lines).toEqual([
    [
      'error',
      'pipeline_failed',
      {
        ...{ requestId, executionId, error, cause, attempts, failures, metadata },
        estimatedCostUsd: 0.0002262,
        estimatedCost: { modelUsd: 0, stepFunctionsUsd: 0.000225, lambdaUsd: 0.0000012 },
      },
    ],
  ]);
});

describe('the metrics of a failure', () => {
  test('count the execution, and each model but the last as one that the chain went on from', async () => {
    expect(await metricsOf({ failures: FAILURES })).toEqual([
      ['pipeline', { ExecutionsAnswered: 0, ExecutionsFailed: 1, EstimatedCostUsd: 0.0002262 }],
      ['model-a', { Fallbacks: 1 }],
    ]);
  });

  test('count a rejected input as one, and what it cost', async () => {
    expect(await metricsOf({ error: 'InvalidInputError' })).toEqual([
      ['pipeline', { InputsRejected: 1, EstimatedCostUsd: 0.0002262 }],
    ]);
  });

  test.each([
    'arn:aws:states:us-east-1:123456789012:execution:batch/lines:id',
    'arn:aws:states:us-east-1:123456789012:express:batch/lines:id:id',
  ])('count no rejected input of a batch, which is no execution of the pipeline: %s', async (executionId) => {
    expect(await metricsOf({ error: 'InvalidInputError', executionId })).toEqual([
      ['pipeline', { EstimatedCostUsd: 0.0002262 }],
    ]);
  });
});

test('without messages the list of models is worded as the state machine words it', async () => {
  const failures = [1, 2].map((attempts) => ({ modelId: `model-${attempts}`, error: 'EmptyResponseError', attempts }));
  const logFailure = readDefinition().States['LogFailure'] as unknown as { Catch: { Assign: { cause: string } }[] };
  expect(logFailure.Catch).toHaveLength(2);
  for (const { Assign } of logFailure.Catch) {
    const worded = await jsonata(Assign.cause.replace(/^\{%|%\}$/g, '')).evaluate({}, { failures });
    expect(await causeOf({ failures })).toBe(worded);
  }
});

describe('a failure before any model was asked', () => {
  test("has its error and the message out of Lambda's JSON", async () => {
    const cause = lambdaCause('InvalidInputError', 'prompt: found nothing, allowed is text');
    expect(await causeOf({ error: 'InvalidInputError', cause })).toBe(
      'InvalidInputError: prompt: found nothing, allowed is text',
    );
  });

  test.each<[string, LogFailureEvent['cause'], string]>([
    ['plain text', 'The state returned too much.', 'X: The state returned too much.'],
    ['no cause', undefined, 'X'],
    ['a cause of null', null, 'X'],
    ['an empty message', '{"errorType":"X","errorMessage":"","trace":[]}', 'X'],
    ['JSON cut in its trace', '{"errorType":"X","errorMessage":"a \\"b\\" \\u00e9","trace":["X: a', 'X: a "b" é'],
    ['JSON cut in its message', '{"errorType":"X","errorMessage":"half a mess', 'X: half a mess…'],
    ['JSON cut in an escape', '{"errorType":"X","errorMessage":"a\\nb\\', 'X: a b…'],
    ['JSON cut in a \\u escape', '{"errorType":"X","errorMessage":"ab\\u00', 'X: ab…'],
    ['JSON cut before its message', '{"errorType":"X","err', 'X: {"errorType":"X","err'],
    ['JSON of another kind', '{"a":1}', 'X: {"a":1}'],
    ['broken JSON with a bad escape', '{"errorMessage":"a\\q"', 'X: {"errorMessage":"a\\q"'],
    ['text that only starts like JSON', '{not JSON', 'X: {not JSON'],
  ])('is worded from %s', async (_, cause, expected) => {
    const event = cause === undefined ? {} : { cause };
    const { cause: _cause, ...bare } = EVENT;
    const logFailure = createLogFailure({ log: recordingLog(), metrics: recordingMetrics() });
    expect((await logFailure({ ...bare, ...event, error: 'X' })).cause).toBe(expected);
  });

  test('says of a state that timed out, which has no cause, that it timed out', async () => {
    expect(await causeOf({ error: 'States.Timeout' })).toBe('States.Timeout: it timed out');
  });
});

describe('a cause that is too long', () => {
  test("is cut to Step Functions' 32,768 characters", async () => {
    const cause = await causeOf({ error: 'X', cause: 'y'.repeat(40_000) });
    expect(cause).toHaveLength(32_768);
    expect(cause.slice(0, 5) + cause.slice(-2)).toBe('X: yyy…');
  });

  test('keeps each of ten models, with the beginning of its message', async () => {
    const failures = Array.from({ length: 10 }, (_, index) => ({
      modelId: `model-${index}`,
      error: 'ValidationException',
      attempts: 1,
      cause: 'y'.repeat(4_096),
    }));
    const message = `(${'y'.repeat(1_999)}…)`;
    expect(await causeOf({ failures })).toBe(
      failures.map(({ modelId }) => `${modelId}: ValidationException after 1 attempt ${message}`).join('; '),
    );
  });
});
