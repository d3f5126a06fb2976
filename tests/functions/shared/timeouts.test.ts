import { expect, test } from '@jest/globals';
import { aliveModelIds } from '../../../functions/shared/models.ts';
import {
  CHECK_TIMEOUT_MS,
  CONNECTION_TIMEOUT_MS,
  type FunctionName,
  LAMBDA_TIMEOUT_SECONDS,
  REQUEST_TIMEOUT_MS,
  S3_TIMEOUT_MS,
} from '../../../functions/shared/timeouts.ts';
import { readDefinition } from '../../../statemachine/definition.ts';

/** check-models is invoked by a schedule. */
const STATE_OF: Record<Exclude<FunctionName, 'check-models'>, string> = {
  'validate-input': 'ValidateInput',
  'invoke-model': 'InvokeModel',
  'log-response': 'LogResponse',
  'log-failure': 'LogFailure',
};

test('each function times out before its state does', () => {
  const { States: states } = readDefinition();
  for (const [name, state] of Object.entries(STATE_OF)) {
    const lambdaSeconds = LAMBDA_TIMEOUT_SECONDS[name as FunctionName];
    expect([name, lambdaSeconds < Number(states[state]?.['TimeoutSeconds'])]).toEqual([name, true]);
  }
});

test('the request to Bedrock times out before its function, with time to report it', () => {
  expect(CONNECTION_TIMEOUT_MS).toBeLessThan(REQUEST_TIMEOUT_MS);
  // A prompt is read from S3 before, and an answer stored there behind.
  expect(REQUEST_TIMEOUT_MS + 2 * S3_TIMEOUT_MS).toBeLessThan(LAMBDA_TIMEOUT_SECONDS['invoke-model'] * 1_000);
  expect(S3_TIMEOUT_MS).toBeLessThan(LAMBDA_TIMEOUT_SECONDS['validate-input'] * 1_000);
});

test('a check of the longest chain, with an answer for none of its models, ends before its function', () => {
  const models = aliveModelIds(0).length;
  expect(models * CHECK_TIMEOUT_MS).toBeLessThan(LAMBDA_TIMEOUT_SECONDS['check-models'] * 1_000);
});
