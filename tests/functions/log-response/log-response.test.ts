import { expect, test } from '@jest/globals';
import { createLogResponse } from '../../../functions/log-response/log-response.ts';
import type { LogResponseEvent } from '../../../functions/shared/contract.ts';
import { recordingLog } from '../recording-log.ts';

const EVENT: LogResponseEvent = {
  executionId: 'arn:1',
  metadata: { team: 'platform' },
  output: {
    requestId: 'r-1',
    modelId: 'global.anthropic.claude-haiku-5-5',
    response: 'Knock, knock.',
    stopReason: 'end_turn',
    complete: true,
    warnings: ['a warning'],
    usage: { inputTokens: 11, outputTokens: 5, totalTokens: 16 },
    estimatedCostUsd: 0.0000036,
    latencyMs: 420,
    attempts: 4,
    fallbackFrom: [{ modelId: 'us.anthropic.claude-haiku-5-5', error: 'ThrottlingException', attempts: 3 }],
  },
};
const { response, ...FACTS } = EVENT.output;

test('an answer is one line with its facts and its text', async () => {
  const log = recordingLog();
  expect(await createLogResponse({ log, logContent: true })(EVENT)).toBeNull();
  expect(log.lines).toEqual([
    ['info', 'response', { executionId: 'arn:1', ...FACTS, metadata: { team: 'platform' }, response }],
  ]);
});

test('where content is hidden the line has the length of the text', async () => {
  const log = recordingLog();
  await createLogResponse({ log, logContent: false })(EVENT);
  expect(log.lines).toEqual([
    ['info', 'response', { executionId: 'arn:1', ...FACTS, metadata: { team: 'platform' }, responseCharacters: 13 }],
  ]);
});
