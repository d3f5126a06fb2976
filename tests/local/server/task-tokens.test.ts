import { describe, expect, test } from '@jest/globals';
import { createLambdaTasks, type LambdaHandler } from '../../../local/tasks/lambda.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { START } from '../../support/run.ts';
import { answer, executionArn, MACHINE, PASS, refusal, startServer } from './helpers.ts';

const ASK = {
  ...PASS,
  States: {
    P: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments: { FunctionName: 'ask', Payload: { token: '{% $states.context.Task.Token %}' } },
      End: true,
    },
  },
};

/** A server whose function `ask` gets a token, and an execution that waits for its answer. */
async function startAsking(ask: (token: string) => unknown = () => null, fields: object = {}) {
  const clock = createManualClock(START);
  const tokens: string[] = [];
  const handler: LambdaHandler = (event) => {
    const { token } = event as { token: string };
    tokens.push(token);
    return ask(token);
  };
  const server = await startServer({ clock, runTask: createLambdaTasks({ ask: handler }, () => 'request-1') });
  await server.create({ ...ASK, States: { P: { ...ASK.States.P, ...fields } } });
  await server.sfn.startExecution({ stateMachineArn: MACHINE, name: 'a' });
  while (tokens.length === 0) await clock.advance(0);
  const describeExecution = () => server.sfn.describeExecution({ executionArn: executionArn('a') });
  const types = async () => {
    const { events = [] } = await server.sfn.getExecutionHistory({ executionArn: executionArn('a') });
    return events.map(({ type }) => type);
  };
  return { ...server, clock, taskToken: tokens[0] ?? '', describeExecution, types };
}

describe('a task that waits for its token', () => {
  test('succeeds with what is sent with it', async () => {
    const { sfn, taskToken, describeExecution, types } = await startAsking();
    expect((await describeExecution()).status).toBe('RUNNING');
    expect(await answer(sfn.sendTaskSuccess({ taskToken, output: '{"yes":true}' }))).toEqual({});
    expect(await describeExecution()).toMatchObject({ status: 'SUCCEEDED', output: '{"yes":true}' });
    expect(await types()).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
    const { events = [] } = await sfn.getExecutionHistory({ executionArn: executionArn('a') });
    const { output = '', ...submitted } = events[4]?.taskSubmittedEventDetails ?? {};
    expect(submitted).toEqual({
      resourceType: 'lambda',
      resource: 'invoke.waitForTaskToken',
      outputDetails: { truncated: false },
    });
    expect(JSON.parse(output)).toMatchObject({ Payload: null, StatusCode: 200 });
  });

  test('fails with what is sent with it, which may be nothing', async () => {
    const { sfn, taskToken, describeExecution } = await startAsking();
    await sfn.sendTaskFailure({ taskToken });
    const execution = await describeExecution();
    expect(execution.status).toBe('FAILED');
    expect([execution.error, execution.cause]).toEqual([undefined, undefined]);
  });

  test('takes an answer that comes while its function still runs, after it was submitted', async () => {
    let release: ((value: null) => void) | undefined;
    const running = new Promise((resolve) => {
      release = resolve;
    });
    const { sfn, taskToken, types, clock } = await startAsking(() => running);
    await sfn.sendTaskSuccess({ taskToken, output: '1' });
    const twice = refusal(sfn.sendTaskSuccess({ taskToken, output: '2' }));
    expect(await twice).toBe("TaskTimedOut: Task Timed Out: 'Provided task does not exist anymore'");
    expect(await types()).toEqual(['ExecutionStarted', 'TaskStateEntered', 'TaskScheduled', 'TaskStarted']);
    release?.(null);
    await clock.advance(0);
    expect((await types()).slice(4)).toEqual([
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  test('fails without being submitted when its function fails', async () => {
    const { types } = await startAsking(() => {
      throw new Error('no');
    });
    expect((await types()).slice(4)).toEqual(['TaskFailed', 'ExecutionFailed']);
  });

  test('is not there any more when its execution has ended', async () => {
    const { sfn, taskToken } = await startAsking();
    await sfn.stopExecution({ executionArn: executionArn('a') });
    const timedOut = "TaskTimedOut: Task Timed Out: 'Provided task does not exist anymore'";
    expect(await refusal(sfn.sendTaskSuccess({ taskToken, output: '1' }))).toBe(timedOut);
    expect(await refusal(sfn.sendTaskFailure({ taskToken }))).toBe(timedOut);
    expect(await refusal(sfn.sendTaskHeartbeat({ taskToken }))).toBe(timedOut);
  });

  test('times out when no heartbeat comes', async () => {
    const { sfn, taskToken, clock, describeExecution } = await startAsking(undefined, {
      HeartbeatSeconds: 5,
      TimeoutSeconds: 8,
    });
    await clock.advance(4000);
    await sfn.sendTaskHeartbeat({ taskToken });
    await clock.advance(3999);
    expect((await describeExecution()).status).toBe('RUNNING');
    await clock.advance(1);
    expect(await describeExecution()).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  });
});

describe('a token', () => {
  test('that is none is refused', async () => {
    const { sfn } = await startServer();
    const invalid = "InvalidToken: Invalid Token: 'Invalid token'";
    expect(await refusal(sfn.sendTaskSuccess({ taskToken: 'x', output: '{}' }))).toBe(invalid);
    expect(await refusal(sfn.sendTaskFailure({ taskToken: 'x' }))).toBe(invalid);
    expect(await refusal(sfn.sendTaskHeartbeat({ taskToken: 'x' }))).toBe(invalid);
  });

  test('comes with JSON', async () => {
    const { sfn, taskToken, describeExecution } = await startAsking();
    expect(await refusal(sfn.sendTaskSuccess({ taskToken, output: 'yes' }))).toBe(
      "InvalidOutput: Invalid Output: 'Unrecognized token 'yes': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')'",
    );
    expect((await describeExecution()).status).toBe('RUNNING');
  });
});
