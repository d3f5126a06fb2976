import { expect, test } from '@jest/globals';
import {
  CONNECTION_TIMEOUT_MS,
  type FunctionName,
  LAMBDA_TIMEOUT_SECONDS,
  REQUEST_TIMEOUT_MS,
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
  expect(REQUEST_TIMEOUT_MS + 5_000).toBeLessThan(LAMBDA_TIMEOUT_SECONDS['invoke-model'] * 1_000);
});
