import { EventBridge } from '@aws-sdk/client-eventbridge';
import { type DescribeExecutionOutput, ExecutionDoesNotExist, SFN } from '@aws-sdk/client-sfn';
import { afterAll, expect } from '@jest/globals';
import { PROMPT_SUBMITTED } from '../../statemachine/events.ts';
import { liveTest } from './live-test.ts';

const stateMachineArn = process.env['STATE_MACHINE_ARN'];
const region = stateMachineArn?.split(':')[3];
const place = region ? { region } : {};
const sfn = new SFN(place);
const test = await liveTest('the deployed pipeline', sfn, ['STATE_MACHINE_ARN']);
const testEvents = await liveTest('the event on the bus', sfn, ['STATE_MACHINE_ARN', 'EVENT_BUS_NAME']);

const started: string[] = [];

/** Executions of a standard machine cannot be deleted; none is left running. */
afterAll(async () => {
  for (const executionArn of started) {
    const status = await statusOf(executionArn);
    if (status === 'RUNNING') await sfn.stopExecution({ executionArn, cause: 'The live test has ended' });
  }
});

/** Undefined while there is no such execution. */
async function statusOf(executionArn: string): Promise<string | undefined> {
  try {
    return (await sfn.describeExecution({ executionArn })).status;
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return undefined;
    throw error;
  }
}

const aSecond = () => new Promise((resolve) => setTimeout(resolve, 1_000));

const QUESTION = { prompt: 'Answer with one word: what is the capital of France?' };

async function run(input: unknown): Promise<DescribeExecutionOutput> {
  const { executionArn = '' } = await sfn.startExecution({ stateMachineArn, input: JSON.stringify(input) });
  started.push(executionArn);
  return endOf(executionArn);
}

async function endOf(executionArn: string): Promise<DescribeExecutionOutput> {
  for (;;) {
    const execution = await sfn.describeExecution({ executionArn });
    if (execution.status !== 'RUNNING') return execution;
    await aSecond();
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

testEvents(
  'answers a prompt that comes as an event, in an execution of its name',
  async () => {
    const { source, detailType } = PROMPT_SUBMITTED;
    const entry = { Source: source, DetailType: detailType, Detail: JSON.stringify(QUESTION) };
    const { Entries } = await new EventBridge(place).putEvents({
      Entries: [{ EventBusName: process.env['EVENT_BUS_NAME'], ...entry }],
    });
    const executionArn = `${stateMachineArn?.replace(':stateMachine:', ':execution:')}:${Entries?.[0]?.EventId}`;
    started.push(executionArn);
    while (!(await statusOf(executionArn))) await aSecond();
    const { status, error, cause, output } = await endOf(executionArn);
    expect({ status, error, cause }).toEqual({ status: 'SUCCEEDED' });
    expect(JSON.parse(output ?? '{}').response).toMatch(/Paris/);
  },
  300_000,
);
