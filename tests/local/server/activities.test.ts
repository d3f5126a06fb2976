import { setImmediate as macrotask } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { createManualClock } from '../../support/manual-clock.ts';
import { START } from '../../support/run.ts';
import { activityArn, answer, executionArn, MACHINE, PASS, refusal, startServer } from './helpers.ts';

const WORK = activityArn('work');
const TIMED_OUT = "TaskTimedOut: Task Timed Out: 'Provided task does not exist anymore'";

/** A server with the activity `work` and a state machine that has it done. */
async function startWithActivity(fields: object = {}) {
  const clock = createManualClock(START);
  const server = await startServer({ clock });
  const { sfn, create } = server;
  await sfn.createActivity({ name: 'work' });
  await create({ ...PASS, States: { P: { Type: 'Task', Resource: WORK, ...fields, End: true } } });
  return {
    ...server,
    clock,
    start: (name: string, input = '{}') => sfn.startExecution({ stateMachineArn: MACHINE, name, input }),
    take: (workerName?: string) => answer(sfn.getActivityTask({ activityArn: WORK, workerName })),
    status: async (name: string) => (await sfn.describeExecution({ executionArn: executionArn(name) })).status,
    async history(name: string) {
      const { events = [] } = await sfn.getExecutionHistory({ executionArn: executionArn(name) });
      return events.map(({ id, type, timestamp }) => `${(Number(timestamp) - START) / 1000} ${id} ${type}`);
    },
  };
}

describe('activities', () => {
  test('are created once under a name, described, listed and deleted', async () => {
    const { sfn } = await startServer();
    const created = { activityArn: WORK, creationDate: new Date(START) };
    for (const _ of [1, 2]) expect(await answer(sfn.createActivity({ name: 'work' }))).toEqual(created);
    await sfn.createActivity({ name: 'rest', encryptionConfiguration: { type: 'AWS_OWNED_KEY' } });
    const rest = { activityArn: activityArn('rest'), name: 'rest', creationDate: new Date(START) };
    const work = { ...created, name: 'work' };
    expect(await answer(sfn.describeActivity({ activityArn: WORK }))).toEqual(work);
    expect(await answer(sfn.describeActivity({ activityArn: activityArn('rest') }))).toEqual({
      ...rest,
      encryptionConfiguration: { type: 'AWS_OWNED_KEY' },
    });
    expect(await answer(sfn.listActivities({}))).toEqual({ activities: [rest, work] });
    const first = await answer(sfn.listActivities({ maxResults: 1 }));
    expect(first).toEqual({ activities: [rest], nextToken: expect.any(String) });
    expect(await answer(sfn.listActivities({ nextToken: first.nextToken }))).toEqual({ activities: [work] });
    for (const _ of [1, 2]) expect(await answer(sfn.deleteActivity({ activityArn: WORK }))).toEqual({});
    const missing = `ActivityDoesNotExist: Activity Does Not Exist: '${WORK}'`;
    expect(await refusal(sfn.describeActivity({ activityArn: WORK }))).toBe(missing);
    expect(await refusal(sfn.getActivityTask({ activityArn: WORK }))).toBe(missing);
  });

  test('refuse a name that is none, and an ARN of something else', async () => {
    const { sfn } = await startServer();
    expect(await refusal(sfn.createActivity({ name: 'Activity InvalidName$' }))).toBe(
      "InvalidName: Invalid Name: 'Activity InvalidName$'",
    );
    expect(await refusal(sfn.describeActivity({ activityArn: MACHINE }))).toBe(
      "InvalidArn: Invalid Arn: 'Resource type not valid in this context: stateMachine'",
    );
  });

  test('are done by a worker', async () => {
    const { sfn, start, take, status, clock } = await startWithActivity({ TimeoutSeconds: 60 });
    await start('a', '{"n":1}');
    await clock.advance(100_000); // no worker yet: no time is running out
    const task = await take('worker-1');
    expect(task).toEqual({ taskToken: expect.any(String), input: '{"n":1}' });
    await clock.advance(2000);
    expect(await answer(sfn.sendTaskSuccess({ taskToken: task.taskToken, output: '{"n":2}' }))).toEqual({});
    expect(await status('a')).toBe('SUCCEEDED');
    const { events = [] } = await sfn.getExecutionHistory({ executionArn: executionArn('a') });
    expect(events.slice(2, 5)).toEqual([
      {
        id: 3,
        previousEventId: 2,
        timestamp: new Date(START),
        type: 'ActivityScheduled',
        activityScheduledEventDetails: {
          resource: WORK,
          input: '{"n":1}',
          inputDetails: { truncated: false },
          timeoutInSeconds: 60,
        },
      },
      {
        id: 4,
        previousEventId: 3,
        timestamp: new Date(START + 100_000),
        type: 'ActivityStarted',
        activityStartedEventDetails: { workerName: 'worker-1' },
      },
      {
        id: 5,
        previousEventId: 4,
        timestamp: new Date(START + 102_000),
        type: 'ActivitySucceeded',
        activitySucceededEventDetails: { output: '{"n":2}', outputDetails: { truncated: false } },
      },
    ]);
  });

  test('fail as the worker says', async () => {
    const { sfn, start, take } = await startWithActivity();
    await start('a');
    const { taskToken } = await take();
    await sfn.sendTaskFailure({ taskToken, error: 'Broken', cause: 'by hand' });
    expect(await sfn.describeExecution({ executionArn: executionArn('a') })).toMatchObject({
      status: 'FAILED',
      error: 'Broken',
      cause: 'by hand',
    });
  });

  test('wait for a worker that asks first, and for 60 seconds', async () => {
    const { start, take, clock } = await startWithActivity();
    const early = take();
    await macrotask();
    await start('a', '1');
    expect(await early).toEqual({ taskToken: expect.any(String), input: '1' });

    let isAnswered = false;
    const idle = take().finally(() => {
      isAnswered = true;
    });
    while (clock.waiting() === 0) await macrotask();
    await clock.advance(59_999);
    expect(isAnswered).toBe(false);
    await clock.advance(1);
    expect(await idle).toEqual({});
  });

  test('give each task to one worker, the oldest first', async () => {
    const { start, take } = await startWithActivity();
    for (const name of ['1', '2']) await start(name, name);
    expect((await take()).input).toBe('1');
    expect((await take()).input).toBe('2');
  });

  test('give no task to a worker that has hung up', async () => {
    const { sfn, start, take, clock } = await startWithActivity();
    const hangUp = new AbortController();
    const lost = sfn.getActivityTask({ activityArn: WORK }, { abortSignal: hangUp.signal }).catch(() => 'hung up');
    while (clock.waiting() === 0) await macrotask();
    hangUp.abort();
    expect(await lost).toBe('hung up');
    while (clock.waiting() > 0) await macrotask();
    await start('a', '1');
    expect((await take()).input).toBe('1');
  });

  test('give no task of an execution that has ended', async () => {
    const { sfn, start, take } = await startWithActivity();
    for (const name of ['1', '2']) await start(name, name);
    await sfn.stopExecution({ executionArn: executionArn('1') });
    expect((await take()).input).toBe('2');
  });

  test('time out from their start', async () => {
    const { sfn, start, take, clock, history } = await startWithActivity({ TimeoutSeconds: 10 });
    await start('a');
    await clock.advance(5000);
    const { taskToken } = await take();
    await clock.advance(9999);
    await sfn.sendTaskHeartbeat({ taskToken });
    await clock.advance(1);
    expect(await history('a')).toEqual([
      '0 1 ExecutionStarted',
      '0 2 TaskStateEntered',
      '0 3 ActivityScheduled',
      '5 4 ActivityStarted',
      '15 5 ActivityTimedOut',
      '15 6 ExecutionFailed',
    ]);
    expect(await refusal(sfn.sendTaskSuccess({ taskToken, output: '1' }))).toBe(TIMED_OUT);
    expect(await refusal(sfn.sendTaskHeartbeat({ taskToken }))).toBe(TIMED_OUT);
  });

  test('live as long as heartbeats come', async () => {
    const { sfn, start, take, clock, status } = await startWithActivity({ HeartbeatSeconds: 5 });
    await start('a');
    const { taskToken } = await take();
    for (const _ of [1, 2, 3]) {
      await clock.advance(4999);
      expect(await answer(sfn.sendTaskHeartbeat({ taskToken }))).toEqual({});
    }
    await clock.advance(4999);
    expect(await status('a')).toBe('RUNNING');
    await clock.advance(1);
    expect(await status('a')).toBe('FAILED');
  });

  test('start again with another token when they are retried', async () => {
    const Retry = [{ ErrorEquals: ['Busy'], IntervalSeconds: 2 }];
    const { sfn, start, take, clock } = await startWithActivity({ Retry });
    await start('a');
    const first = await take();
    await sfn.sendTaskFailure({ taskToken: first.taskToken, error: 'Busy' });
    await clock.advance(2000);
    const second = await take();
    expect(second.taskToken).not.toBe(first.taskToken);
    expect(await refusal(sfn.sendTaskSuccess({ taskToken: first.taskToken, output: '1' }))).toBe(TIMED_OUT);
    expect(await answer(sfn.sendTaskSuccess({ taskToken: second.taskToken, output: '1' }))).toEqual({});
  });
});
