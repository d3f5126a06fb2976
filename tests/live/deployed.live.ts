import { type DescribeExecutionOutput, SFN } from '@aws-sdk/client-sfn';
import { afterAll, expect } from '@jest/globals';
import { liveTest } from './live-test.ts';

const stateMachineArn = process.env['STATE_MACHINE_ARN'];
const region = stateMachineArn?.split(':')[3];
const sfn = new SFN({ ...(region && { region }) });
const test = await liveTest('the deployed pipeline', sfn, ['STATE_MACHINE_ARN']);

const started: string[] = [];

/** Executions of a standard machine cannot be deleted; none is left running. */
afterAll(async () => {
  for (const executionArn of started) {
    const { status } = await sfn.describeExecution({ executionArn });
    if (status === 'RUNNING') await sfn.stopExecution({ executionArn, cause: 'The live test has ended' });
  }
});

async function run(input: unknown): Promise<DescribeExecutionOutput> {
  const { executionArn = '' } = await sfn.startExecution({ stateMachineArn, input: JSON.stringify(input) });
  started.push(executionArn);
  return endOf(executionArn);
}

async function endOf(executionArn: string): Promise<DescribeExecutionOutput> {
  for (;;) {
    const execution = await sfn.describeExecution({ executionArn });
    if (execution.status !== 'RUNNING') return execution;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

test('answers a prompt', async () => {
  const { status, error, cause, output } = await run({
    prompt: 'Answer with one word: what is the capital of France?',
  });
  expect({ status, error, cause }).toEqual({ status: 'SUCCEEDED' });
  const { response, attempts } = JSON.parse(output ?? '{}');
  expect(response).toMatch(/Paris/);
  expect(attempts).toBeGreaterThanOrEqual(1);
}, 300_000);

test('rejects an input, and says why', async () => {
  const { status, error, cause } = await run({ prompt: '', temperature: 3 });
  expect({ status, error }).toEqual({ status: 'FAILED', error: 'InvalidInputError' });
  expect(cause).toMatch(
    /^InvalidInputError: prompt: found a string of 0 characters, allowed is text; temperature: found an unknown field/,
  );
}, 120_000);
