import { expect, test } from '@jest/globals';
import { FIRST_MODEL, type PipelineRun, runPipeline, SECOND_MODEL } from '../support/pipeline.ts';

const PROMPT = { prompt: 'Tell me a joke' };

/** The sum of each metric over an execution, by the model or for the pipeline, as CloudWatch would show it. */
function sums({ metrics }: PipelineRun): Record<string, Record<string, number>> {
  const totals: Record<string, Record<string, number>> = {};
  for (const { _aws, Pipeline, ModelId = Pipeline, ...values } of metrics) {
    totals[String(ModelId)] ??= {};
    const of = totals[String(ModelId)] as Record<string, number>;
    for (const [name, value] of Object.entries(values)) of[name] = (of[name] ?? 0) + Number(value);
  }
  return totals;
}

const answered = { ModelLatency: 400, InputTokens: 10, OutputTokens: 20 };

test('an answer after two throttles and a fallback', async () => {
  const throttled = { error: 'ThrottlingException' };
  const run = await runPipeline(PROMPT, [throttled, throttled, throttled, { text: 'Knock, knock.' }]);
  expect(sums(run)).toEqual({
    pipeline: { ExecutionsAnswered: 1, AnsweredByFallback: 1, EstimatedCostUsd: 0.0003612 },
    [FIRST_MODEL]: { Attempts: 3, Retries: 2, FailedAttempts: 3, Throttles: 3, Fallbacks: 1 },
    [SECOND_MODEL]: { Attempts: 1, Retries: 0, FailedAttempts: 0, Throttles: 0, ...answered, ModelCostUsd: 0.00011 },
  });
});

test('a failure of every model', async () => {
  const gone = { error: 'ResourceNotFoundException' };
  expect(sums(await runPipeline(PROMPT, [gone, gone]))).toEqual({
    pipeline: { ExecutionsAnswered: 0, ExecutionsFailed: 1, EstimatedCostUsd: 0.0002258 },
    [FIRST_MODEL]: { Attempts: 1, Retries: 0, FailedAttempts: 1, Throttles: 0, Fallbacks: 1 },
    [SECOND_MODEL]: { Attempts: 1, Retries: 0, FailedAttempts: 1, Throttles: 0 },
  });
});

test('a rejected input counts as one, not as a failure', async () => {
  expect(sums(await runPipeline({}, []))).toEqual({ pipeline: { InputsRejected: 1, EstimatedCostUsd: 0.0001254 } });
});
