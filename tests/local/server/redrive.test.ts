import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { StateFailure } from '../../../local/asl/errors.ts';
import type { TaskRunner } from '../../../local/tasks/task.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { START } from '../../support/run.ts';
import { answer, executionArn, FAIL, MACHINE, PASS, refusal, startServer, WAIT } from './helpers.ts';

const TASK = {
  ...PASS,
  States: { P: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Arguments: {}, End: true } },
};
const DAY_MS = 24 * 60 * 60 * 1000;
const arn = { executionArn: executionArn('a') };

/** A task that fails at its first calls. */
function failingAtFirst(times: number): TaskRunner {
  let calls = 0;
  return async () => {
    calls += 1;
    if (calls <= times) throw new StateFailure('Broken', 'As ever');
    return '{"call":true}';
  };
}

describe('RedriveExecution', () => {
  test('goes on with a failed execution, and tells of it', async () => {
    const clock = createManualClock(START);
    const { sfn, create, run } = await startServer({ clock, runTask: failingAtFirst(1) });
    await create(TASK);
    expect(await run('a')).toMatchObject({ status: 'FAILED', error: 'Broken', redriveStatus: 'REDRIVABLE' });
    await clock.advance(5000);
    const redriveDate = new Date(START + 5000);
    expect(await answer(sfn.redriveExecution(arn))).toEqual({ redriveDate });
    for (let status: string | undefined = 'RUNNING'; status === 'RUNNING'; ) {
      ({ status } = await sfn.describeExecution(arn));
    }
    expect(await answer(sfn.describeExecution(arn))).toEqual({
      ...arn,
      stateMachineArn: MACHINE,
      name: 'a',
      status: 'SUCCEEDED',
      startDate: new Date(START),
      stopDate: redriveDate,
      input: '{}',
      inputDetails: { included: true },
      output: '{"call":true}',
      outputDetails: { included: true },
      redriveCount: 1,
      redriveDate,
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
    });
    const { events = [] } = await sfn.getExecutionHistory(arn);
    expect(events[6]).toEqual({
      timestamp: redriveDate,
      type: 'ExecutionRedriven',
      id: 7,
      previousEventId: 6,
      executionRedrivenEventDetails: { redriveCount: 1 },
    });
    expect(events.slice(7).map(({ type, previousEventId }) => [type, previousEventId])).toEqual([
      ['TaskScheduled', 2],
      ['TaskStarted', 8],
      ['TaskSucceeded', 9],
      ['TaskStateExited', 10],
      ['ExecutionSucceeded', 11],
    ]);
  });

  test('shows in the filter of ListExecutions', async () => {
    const { sfn, create, run } = await startServer();
    await create(FAIL);
    await run('a');
    await run('b');
    await sfn.redriveExecution(arn);
    const list = async (redriveFilter: 'REDRIVEN' | 'NOT_REDRIVEN') => {
      const { executions } = await sfn.listExecutions({ stateMachineArn: MACHINE, redriveFilter });
      return executions?.map(({ name, redriveCount, redriveDate }) => [name, redriveCount, redriveDate]);
    };
    expect(await list('REDRIVEN')).toEqual([['a', 1, new Date(START)]]);
    expect(await list('NOT_REDRIVEN')).toEqual([['b', 0, undefined]]);
  });

  test('goes on with a stopped execution, which can be stopped again', async () => {
    const { sfn, create } = await startServer({ clock: createManualClock(START) });
    await create(WAIT);
    await sfn.startExecution({ stateMachineArn: MACHINE, name: 'a' });
    await sfn.stopExecution({ ...arn, error: 'Enough' });
    await sfn.redriveExecution(arn);
    const running = await answer(sfn.describeExecution(arn));
    expect(running).toMatchObject({ status: 'RUNNING', redriveCount: 1 });
    for (const field of ['stopDate', 'error', 'cause']) expect(running).not.toHaveProperty(field);
    await sfn.stopExecution(arn);
    const { events = [] } = await sfn.getExecutionHistory(arn);
    expect(events.map(({ type, previousEventId }) => [type, previousEventId])).toEqual([
      ['ExecutionStarted', 0],
      ['WaitStateEntered', 0],
      ['ExecutionAborted', 0],
      ['ExecutionRedriven', 3],
      ['ExecutionAborted', 0],
    ]);
  });

  test('survives a restart', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'redrive-'));
    const clock = createManualClock(START);
    const first = await startServer({ clock, dataDir });
    await first.create(WAIT);
    await first.sfn.startExecution({ stateMachineArn: MACHINE, name: 'a' });
    await first.sfn.stopExecution({ ...arn, error: 'Enough' });
    await first.sfn.redriveExecution(arn);
    await first.close();
    const second = await startServer({ clock, dataDir });
    const running = await second.sfn.describeExecution(arn);
    expect(running).toMatchObject({ status: 'RUNNING', redriveCount: 1, redriveDate: new Date(START) });
    for (const field of ['stopDate', 'error', 'cause']) expect(running).not.toHaveProperty(field);
    await clock.advance(3_600_000);
    for (let status: string | undefined = 'RUNNING'; status === 'RUNNING'; ) {
      await clock.advance(0);
      ({ status } = await second.sfn.describeExecution(arn));
    }
    const { events = [] } = await second.sfn.getExecutionHistory(arn);
    expect(events.map(({ type, previousEventId }) => [type, previousEventId])).toEqual([
      ['ExecutionStarted', 0],
      ['WaitStateEntered', 0],
      ['ExecutionAborted', 0],
      ['ExecutionRedriven', 3],
      ['WaitStateExited', 2],
      ['ExecutionSucceeded', 5],
    ]);
    await second.close();
    rmSync(dataDir, { recursive: true });
  });

  test('gives a task another token, and takes the old one no more', async () => {
    const tokens: string[] = [];
    const runTask: TaskRunner = async ({ taskToken = '' }) => {
      tokens.push(taskToken);
      throw new StateFailure('Broken');
    };
    const { sfn, create, run } = await startServer({ runTask });
    const Resource = 'arn:aws:states:::lambda:invoke.waitForTaskToken';
    await create({ ...TASK, States: { P: { ...TASK.States.P, Resource } } });
    await run('a');
    await sfn.redriveExecution(arn);
    while (tokens.length < 2) await sfn.describeExecution(arn);
    expect(tokens[1]).not.toBe(tokens[0]);
    expect(await refusal(sfn.sendTaskSuccess({ taskToken: tokens[0], output: '{}' }))).toBe(
      "TaskTimedOut: Task Timed Out: 'Provided task does not exist anymore'",
    );
  });

  test('answers again for a token that it knows, for 15 minutes', async () => {
    const clock = createManualClock(START);
    const { sfn, create, run } = await startServer({ clock });
    await create(FAIL);
    await run('a');
    const send = () => answer(sfn.redriveExecution({ ...arn, clientToken: 'once' }));
    expect(await send()).toEqual({ redriveDate: new Date(START) });
    await clock.advance(900_000);
    expect(await send()).toEqual({ redriveDate: new Date(START) });
    expect((await sfn.describeExecution(arn)).redriveCount).toBe(1);
    await clock.advance(1);
    expect(await send()).toEqual({ redriveDate: new Date(START + 900_001) });
    expect((await sfn.describeExecution(arn)).redriveCount).toBe(2);
  });

  test('refuses executions that run, have succeeded, or have ended too long ago', async () => {
    const clock = createManualClock(START);
    const { sfn, create, run } = await startServer({ clock });
    await create(WAIT);
    await sfn.startExecution({ stateMachineArn: MACHINE, name: 'a' });
    const refused = async (why: string) => {
      expect(await refusal(sfn.redriveExecution(arn))).toBe(`ExecutionNotRedrivable: ${why}`);
      expect(await sfn.describeExecution(arn)).toMatchObject({
        redriveStatus: 'NOT_REDRIVABLE',
        redriveStatusReason: why,
      });
    };
    await refused('Execution is RUNNING and cannot be redriven');
    await sfn.stopExecution(arn);
    await clock.advance(14 * DAY_MS);
    expect((await sfn.describeExecution(arn)).redriveStatus).toBe('REDRIVABLE');
    await clock.advance(1);
    await refused('Execution redrivable period exceeded');
    await sfn.updateStateMachine({ stateMachineArn: MACHINE, definition: JSON.stringify(PASS) });
    await run('b');
    expect(await refusal(sfn.redriveExecution({ executionArn: executionArn('b') }))).toBe(
      'ExecutionNotRedrivable: Execution is SUCCEEDED and cannot be redriven',
    );
  });

  test('refuses what is no execution of a STANDARD state machine, and tokens that are none', async () => {
    const { sfn } = await startServer();
    const redrive = (input: object) => refusal(sfn.redriveExecution({ ...arn, ...input }));
    expect(await redrive({ executionArn: 'arn:aws:states:eu-west-1:123456789012:express:machine:a:b' })).toBe(
      "InvalidArn: Invalid Arn: 'Resource type not valid in this context: express'",
    );
    expect(await redrive({})).toBe(`ExecutionDoesNotExist: Execution Does Not Exist: '${executionArn('a')}'`);
    expect(await redrive({ clientToken: 'a b' })).toBe(
      "ValidationException: 1 validation error detected: Value 'a b' at 'clientToken' failed to satisfy constraint: Member must satisfy regular expression pattern: [!-~]+",
    );
  });
});
