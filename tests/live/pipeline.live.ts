import { expect } from '@jest/globals';
import { createBedrockClient } from '../../functions/shared/bedrock-client.ts';
import { runPipeline } from '../support/pipeline.ts';
import { liveTest } from './live-test.ts';

const client = createBedrockClient();
const test = await liveTest('the prompt to Claude', client);

test('Claude on Amazon Bedrock answers a prompt', async () => {
  const { end, log } = await runPipeline({ prompt: 'Answer with one word: what is the capital of France?' }, client);
  const { response, complete, usage } = JSON.parse(end.output ?? '{}');
  expect({ status: end.status, error: end.error, cause: end.cause }).toEqual({ status: 'SUCCEEDED' });
  expect(response).toMatch(/Paris/);
  expect(complete).toBe(true);
  expect(usage.inputTokens).toBeGreaterThan(0);
  expect(log.map(([, event]) => event)).toEqual(['prompt_received', 'model_responded', 'response']);
}, 120_000);
