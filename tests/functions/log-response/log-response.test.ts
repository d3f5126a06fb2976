import { expect, test } from '@jest/globals';
import { createLogResponse } from '../../../functions/log-response/log-response.ts';
import type { LogResponseEvent } from '../../../functions/shared/contract.ts';
import { recordingLog } from '../recording-log.ts';
import { recordingMetrics } from '../recording-metrics.ts';

const EVENT: LogResponseEvent = {
  executionId: 'arn:1',
  metadata: { team: 'platform' },
  output: {
    requestId: 'r-1',
    modelId: 'global.anthropic.claude-haiku-5-5',
    response: 'Knock, knock.',
    responseUri: null,
    stopReason: 'end_turn',
    complete: true,
    warnings: ['a warning'],
    usage: { inputTokens: 11, outputTokens: 5, totalTokens: 16 },
    estimatedCostUsd: 0.0001304,
    estimatedCost: { modelUsd: 0.0000036, stepFunctionsUsd: 0.000125, lambdaUsd: 0.0000018 },
    latencyMs: 420,
    attempts: 4,
    fallbackFrom: [{ modelId: 'us.anthropic.claude-haiku-5-5', error: 'ThrottlingException', attempts: 3 }],
  },
};
const { response, ...FACTS } = EVENT.output;

test('an answer is one line with its facts and its text', async () => {
  const log = recordingLog();
  expect(await createLogResponse({ log, metrics: recordingMetrics(), logContent: true })(EVENT)).toBeNull();
  expect(log.lines).toEqual([
    ['info', 'response', { executionId: 'arn:1', ...FACTS, metadata: { team: 'platform' }, response }],
  ]);
});

test('where content is hidden the line has the length of the text', async () => {
  const log = recordingLog();
  await createLogResponse({ log, metrics: recordingMetrics(), logContent: false })(EVENT);
  expect(log.lines).toEqual([
    ['info', 'response', { executionId: 'arn:1', ...FACTS, metadata: { team: 'platform' }, responseCharacters: 13 }],
  ]);
});

test('the metrics count the execution, its cost and each model that was given up', async () => {
  const metrics = recordingMetrics();
  await createLogResponse({ log: recordingLog(), metrics, logContent: true })(EVENT);
  expect(metrics.values).toEqual([
    ['pipeline', { ExecutionsAnswered: 1, AnsweredByFallback: 1, EstimatedCostUsd: 0.0001304 }],
    ['us.anthropic.claude-haiku-5-5', { Fallbacks: 1 }],
  ]);
});

test('an answer by the first model counts 0 among those by another', async () => {
  const metrics = recordingMetrics();
  const output = { ...EVENT.output, fallbackFrom: [] };
  await createLogResponse({ log: recordingLog(), metrics, logContent: true })({ ...EVENT, output });
  expect(metrics.values).toEqual([
    ['pipeline', { ExecutionsAnswered: 1, AnsweredByFallback: 0, EstimatedCostUsd: 0.0001304 }],
  ]);
});
