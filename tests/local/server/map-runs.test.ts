import { describe, expect, test } from '@jest/globals';
import { createManualClock } from '../../support/manual-clock.ts';
import { withObjects } from '../../support/map-run.ts';
import { START } from '../../support/run.ts';
import { answer, executionArn, MACHINE, refusal, startServer, WAIT } from './helpers.ts';

const NONE = 'arn:aws:states:eu-west-1:123456789012:mapRun:machine/L:none';
const PROCESSOR = { ...WAIT, ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } };
const MAP = {
  QueryLanguage: 'JSONata',
  StartAt: 'M',
  States: {
    M: { Type: 'Map', Label: 'L', MaxConcurrency: 2, ToleratedFailureCount: 1, ItemProcessor: PROCESSOR, End: true },
  },
};
const NO_COUNTS = {
  pending: 0,
  running: 0,
  succeeded: 0,
  failed: 0,
  timedOut: 0,
  aborted: 0,
  total: 0,
  resultsWritten: 0,
  failuresNotRedrivable: 0,
  pendingRedrive: 0,
};

/** An execution whose map run has two of three children under way. */
async function startMapRun() {
  const clock = createManualClock(START);
  const server = await startServer({ clock });
  const { sfn, create } = server;
  await create(MAP);
  await sfn.startExecution({ stateMachineArn: MACHINE, name: 'run', input: '[1,2,3]' });
  await clock.advance(0);
  const { mapRuns } = await sfn.listMapRuns({ executionArn: executionArn('run') });
  const mapRunArn = mapRuns?.[0]?.mapRunArn ?? '';
  return { ...server, clock, mapRunArn };
}

describe('a map run', () => {
  test('is listed and described while it runs and when it has ended', async () => {
    const { sfn, clock, mapRunArn } = await startMapRun();
    expect(mapRunArn).toMatch(/^arn:aws:states:eu-west-1:123456789012:mapRun:machine\/L:[\da-f-]{36}$/);
    const running = {
      mapRunArn,
      executionArn: executionArn('run'),
      status: 'RUNNING',
      startDate: new Date(START),
      maxConcurrency: 2,
      toleratedFailureCount: 1,
      toleratedFailurePercentage: 0,
      itemCounts: { ...NO_COUNTS, pending: 1, running: 2, total: 3 },
      executionCounts: { ...NO_COUNTS, pending: 1, running: 2, total: 3 },
      redriveCount: 0,
    };
    expect(await answer(sfn.describeMapRun({ mapRunArn }))).toEqual(running);
    await sfn.stopExecution({ executionArn: executionArn('run') });
    const aborted = { ...NO_COUNTS, pending: 1, aborted: 2, total: 3 };
    expect(await answer(sfn.describeMapRun({ mapRunArn }))).toEqual({
      ...running,
      status: 'ABORTED',
      stopDate: new Date(START),
      itemCounts: aborted,
      executionCounts: aborted,
    });
    await clock.advance(0);
    expect(await answer(sfn.listMapRuns({ executionArn: executionArn('run') }))).toEqual({
      mapRuns: [
        {
          executionArn: executionArn('run'),
          mapRunArn,
          stateMachineArn: MACHINE,
          startDate: new Date(START),
          stopDate: new Date(START),
        },
      ],
    });
  });

  test('has children that are executions of their own', async () => {
    const { sfn, mapRunArn } = await startMapRun();
    const { executions = [] } = await sfn.listExecutions({ mapRunArn });
    const [last] = executions;
    const childArn = executionArn(last?.name ?? '').replace(':machine:', ':machine/L:');
    const child = {
      executionArn: childArn,
      stateMachineArn: `${MACHINE}/L`,
      name: last?.name,
      status: 'RUNNING',
      startDate: new Date(START),
      redriveCount: 0,
    };
    expect(executions.length).toBe(2);
    expect(last).toEqual({ ...child, mapRunArn, itemCount: 1 });
    expect(await answer(sfn.describeExecution({ executionArn: childArn }))).toEqual({
      ...child,
      mapRunArn,
      input: '2',
      inputDetails: { included: true },
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution is RUNNING and cannot be redriven',
    });
    expect(await answer(sfn.describeStateMachineForExecution({ executionArn: childArn }))).toMatchObject({
      stateMachineArn: `${MACHINE}/L`,
      name: 'machine/L',
      label: 'L',
      mapRunArn,
      definition: JSON.stringify(PROCESSOR),
    });
    const { events } = await sfn.getExecutionHistory({ executionArn: childArn });
    expect(events?.map(({ type }) => type)).toEqual(['ExecutionStarted', 'WaitStateEntered']);
    expect((await sfn.listExecutions({ stateMachineArn: MACHINE })).executions?.map(({ name }) => name)).toEqual([
      'run',
    ]);
    const next = await sfn.listExecutions({ mapRunArn, maxResults: 1 });
    const rest = await sfn.listExecutions({ mapRunArn, maxResults: 1, nextToken: next.nextToken });
    expect([...(next.executions ?? []), ...(rest.executions ?? [])]).toEqual(executions);
    expect((await sfn.listExecutions({ mapRunArn, statusFilter: 'FAILED' })).executions).toEqual([]);
  });

  test('lists no children of the type EXPRESS', async () => {
    const clock = createManualClock(START);
    const { sfn, create } = await startServer({ clock });
    const ProcessorConfig = { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' };
    const processor = { ProcessorConfig, StartAt: 'P', States: { P: { Type: 'Pass', End: true } } };
    await create({ ...MAP, States: { M: { ...MAP.States.M, ItemProcessor: processor } } });
    await sfn.startExecution({ stateMachineArn: MACHINE, name: 'run', input: '[1,2]' });
    await clock.advance(0);
    const { mapRuns = [] } = await sfn.listMapRuns({ executionArn: executionArn('run') });
    const mapRunArn = mapRuns[0]?.mapRunArn ?? '';
    expect(await sfn.describeMapRun({ mapRunArn })).toMatchObject({ executionCounts: { succeeded: 2 } });
    expect((await sfn.listExecutions({ mapRunArn })).executions).toEqual([]);
  });

  test('takes new limits while it runs', async () => {
    const { sfn, clock, mapRunArn } = await startMapRun();
    const limits = { maxConcurrency: 3, toleratedFailureCount: 0, toleratedFailurePercentage: 12.5 };
    expect(await answer(sfn.updateMapRun({ mapRunArn, ...limits }))).toEqual({});
    await clock.advance(0);
    const described = await sfn.describeMapRun({ mapRunArn });
    expect(described).toMatchObject({ ...limits, executionCounts: { pending: 0, running: 3 } });
    await sfn.stopExecution({ executionArn: executionArn('run') });
    expect(await refusal(sfn.updateMapRun({ mapRunArn, maxConcurrency: 1 }))).toBe(
      `ValidationException: The Map Run '${mapRunArn}' has ended and cannot be updated`,
    );
  });

  test('is redriven with its execution; a child is not redriven alone', async () => {
    const { sfn, clock, mapRunArn } = await startMapRun();
    await sfn.stopExecution({ executionArn: executionArn('run') });
    const { executions } = await sfn.listExecutions({ mapRunArn });
    const childArn = executions?.[0]?.executionArn ?? '';
    expect((await sfn.describeExecution({ executionArn: childArn })).redriveStatus).toBe('REDRIVABLE_BY_MAP_RUN');
    expect(await refusal(sfn.redriveExecution({ executionArn: childArn }))).toBe(
      'ExecutionNotRedrivable: Execution can only be redriven by its Map Run',
    );
    await sfn.redriveExecution({ executionArn: executionArn('run') });
    for (let second = 0; second < 2; second += 1) await clock.advance(3_600_000);
    const { mapRuns = [] } = await sfn.listMapRuns({ executionArn: executionArn('run') });
    expect(mapRuns.map((mapRun) => mapRun.mapRunArn)).toEqual([mapRunArn]);
    expect(await sfn.describeMapRun({ mapRunArn })).toMatchObject({
      status: 'SUCCEEDED',
      redriveCount: 1,
      redriveDate: new Date(START),
      executionCounts: { ...NO_COUNTS, succeeded: 3, total: 3 },
    });
    const redriven = await sfn.listExecutions({ mapRunArn, redriveFilter: 'REDRIVEN' });
    expect(redriven.executions?.map(({ redriveCount }) => redriveCount)).toEqual([1, 1]);
    expect(await sfn.describeExecution({ executionArn: executionArn('run') })).toMatchObject({
      status: 'SUCCEEDED',
      output: '[1,2,3]',
    });
  });

  test('is forgotten with its state machine', async () => {
    const { sfn, mapRunArn } = await startMapRun();
    const { executions } = await sfn.listExecutions({ mapRunArn });
    const childArn = executions?.[0]?.executionArn ?? '';
    await sfn.deleteStateMachine({ stateMachineArn: MACHINE });
    expect(await refusal(sfn.describeMapRun({ mapRunArn }))).toBe(
      `ResourceNotFound: Resource not found: '${mapRunArn}'`,
    );
    expect(await refusal(sfn.describeExecution({ executionArn: childArn }))).toBe(
      `ExecutionDoesNotExist: Execution Does Not Exist: '${childArn}'`,
    );
  });

  test('reads and writes the folder that stands for S3', async () => {
    await withObjects({ 'b/f.jsonl': '1\n2\n' }, async (s3Dir) => {
      const { create, run } = await startServer({ s3Dir });
      const ItemReader = {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig: { InputType: 'JSONL' },
        Arguments: { Bucket: 'b', Key: 'f.jsonl' },
      };
      await create({ ...MAP, States: { M: { ...MAP.States.M, ItemReader } } });
      expect((await run('run')).output).toBe('[1,2]');
    });
  });
});

test.each<[string, (sfn: Awaited<ReturnType<typeof startServer>>['sfn']) => Promise<unknown>, string]>([
  [
    'one that is not there',
    (sfn) => sfn.describeMapRun({ mapRunArn: NONE }),
    `ResourceNotFound: Resource not found: '${NONE}'`,
  ],
  [
    'children of one that is not there',
    (sfn) => sfn.listExecutions({ mapRunArn: NONE }),
    `ResourceNotFound: Resource not found: '${NONE}'`,
  ],
  [
    'what is no map run',
    (sfn) => sfn.describeMapRun({ mapRunArn: MACHINE }),
    "InvalidArn: Invalid Arn: 'Resource type not valid in this context: stateMachine'",
  ],
  [
    'an update of nothing',
    (sfn) => sfn.updateMapRun({ mapRunArn: NONE }),
    `ResourceNotFound: Resource not found: '${NONE}'`,
  ],
  [
    'limits that are none',
    (sfn) => sfn.updateMapRun({ mapRunArn: NONE, maxConcurrency: -1, toleratedFailurePercentage: 100.5 }),
    "ValidationException: 2 validation errors detected: Value '-1' at 'maxConcurrency' failed to satisfy constraint: Member must have value greater than or equal to 0; Value '100.5' at 'toleratedFailurePercentage' failed to satisfy constraint: Member must have value less than or equal to 100",
  ],
  [
    'map runs of an execution that is not there',
    (sfn) => sfn.listMapRuns({ executionArn: executionArn('none') }),
    `ExecutionDoesNotExist: Execution Does Not Exist: '${executionArn('none')}'`,
  ],
])('refuses %s', async (_, send, expected) => {
  const { sfn } = await startServer();
  expect(await refusal(send(sfn))).toBe(expected);
});

test('an EXPRESS state machine has no Map in distributed mode', async () => {
  const { create } = await startServer();
  expect(await refusal(create(MAP, { type: 'EXPRESS' }))).toBe(
    "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Express state machine does not support Map states in DISTRIBUTED mode at /States/M'",
  );
});
