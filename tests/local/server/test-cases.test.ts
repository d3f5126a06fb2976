import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createManualClock } from '../../support/manual-clock.ts';
import { START } from '../../support/run.ts';
import { executionArn, MACHINE, refusal, startServer } from './helpers.ts';

const CALL = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 5, MaxAttempts: 3, BackoffRate: 1 }],
  End: true,
};
const DEFINITION = { StartAt: 'Call', States: { Call: CALL } };
const MOCKS = {
  StateMachines: { machine: { TestCases: { Busy: { Call: 'Answers' } } } },
  MockedResponses: {
    Answers: {
      '0': { Throw: { Error: 'Busy', Cause: 'first' } },
      '1': { Throw: { Error: 'Broken', Cause: 'second' } },
      '2': { Return: { StatusCode: 200, Payload: 'third' } },
    },
  },
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mocks-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Starts an execution of a test case, whose first attempt fails, and closes the server before the second. */
async function startTestCase() {
  const clock = createManualClock(START);
  const mockConfigFile = join(folder, 'mocks.json');
  writeFileSync(mockConfigFile, JSON.stringify(MOCKS));
  const dataDir = join(folder, 'data');
  const { sfn, create, close } = await startServer({ clock, dataDir, mockConfigFile });
  await create(DEFINITION);
  await sfn.startExecution({ stateMachineArn: `${MACHINE}#Busy`, name: 'a' });
  await clock.advance(0);
  await close();
  return { clock, dataDir, mockConfigFile };
}

test('an execution of a test case goes on with its next response after a restart, and after a redrive', async () => {
  const { clock, ...options } = await startTestCase();
  const { sfn } = await startServer({ clock, ...options });
  await clock.advance(5000);
  const failed = await sfn.describeExecution({ executionArn: executionArn('a') });
  expect(failed).toMatchObject({ status: 'FAILED', error: 'Broken', cause: 'second' });
  await sfn.redriveExecution({ executionArn: executionArn('a') });
  await clock.advance(0);
  const { status, output } = await sfn.describeExecution({ executionArn: executionArn('a') });
  expect([status, output]).toEqual(['SUCCEEDED', '{"StatusCode":200,"Payload":"third"}']);
});

test('an execution whose test case is gone after a restart fails, and calls nothing', async () => {
  const { clock, dataDir } = await startTestCase();
  const runTask = async () => '"really called"';
  const { sfn } = await startServer({ clock, dataDir, runTask });
  await clock.advance(5000);
  expect(await sfn.describeExecution({ executionArn: executionArn('a') })).toMatchObject({
    status: 'FAILED',
    error: 'States.TaskFailed',
    cause: "No test case 'Busy' of 'machine' in the mock configuration, with which it was started",
  });
});

test('a test case that is not there starts nothing', async () => {
  const { sfn, create } = await startServer();
  await create(DEFINITION);
  expect(await refusal(sfn.startExecution({ stateMachineArn: `${MACHINE}#Missing` }))).toBe(
    "ValidationException: No test case 'Missing' of 'machine' in the mock configuration",
  );
});
