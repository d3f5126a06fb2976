import { describe, expect, test } from '@jest/globals';
import { StateFailure } from '../../../../local/asl/errors.ts';
import { readHistory } from '../../../../local/console/model/read-history.ts';
import type { Run, Step } from '../../../../local/console/model/steps.ts';
import { toApiHistory } from '../../../support/api-history.ts';
import { type Attempt, CASES, scriptedTasks } from '../../../support/cases.ts';
import { runPipeline } from '../../../support/pipeline.ts';
import { redrive } from '../../../support/redrive.ts';
import { runMachine, START } from '../../../support/run.ts';

/** `InvokeModel caught 0-4: failed Busy 0-0, failed Busy 2-2`: a step, its attempts, in seconds since the start. */
function lines({ steps }: Run): string[] {
  const since = (time: number | undefined): string => (time === undefined ? '' : String((time - START) / 1000));
  return steps.map((step) => {
    const attempts = step.attempts.map(
      ({ outcome, error, startedAt, endedAt }) =>
        `${outcome}${error === undefined ? '' : ` ${error}`} ${since(startedAt)}-${since(endedAt)}`,
    );
    const head = `${placeOf(step)}${step.name} ${step.status} ${since(step.enteredAt)}-${since(step.exitedAt)}`;
    return attempts.length > 0 ? `${head}: ${attempts.join(', ')}` : head;
  });
}

function placeOf({ parent, iteration }: Step): string {
  if (!parent) return '';
  return `${placeOf(parent)}${parent.name}${iteration === undefined ? '' : `[${iteration}]`} > `;
}

async function read(definition: object, input: unknown = {}, tasks = {}): Promise<string[]> {
  const { events } = await runMachine(definition, input, scriptedTasks(tasks));
  return lines(readHistory(toApiHistory(events)));
}

test('a pipeline that retries, falls back and answers', async () => {
  const replies = [...Array(3).fill({ error: 'ModelErrorException' }), { text: 'Hi' }];
  const { events } = await runPipeline({ prompt: 'Hi' }, replies);
  expect(lines(readHistory(toApiHistory(events)))).toEqual([
    'ValidateInput succeeded 0-0: succeeded 0-0',
    'InvokeModel caught 0-4: failed ModelErrorException 0-0, failed ModelErrorException 2-2, failed ModelErrorException 4-4',
    'NextModel succeeded 4-4',
    'InvokeModel succeeded 4-4: succeeded 4-4',
    'LogResponse succeeded 4-4: succeeded 4-4',
    'AnnounceSuccess succeeded 4-4: succeeded 4-4',
    'PipelineSucceeded succeeded 4-4',
  ]);
});

test('steps know what came before and after them, their data and their events', async () => {
  const { events } = await runPipeline({ prompt: 'Hi' }, [{ text: 'Hello' }]);
  const { steps, stepOf } = readHistory(toApiHistory(events));
  const [validate, invoke] = steps as [Step, Step];
  expect([invoke.previous?.name, validate.next?.name, validate.previous]).toEqual([
    'ValidateInput',
    'InvokeModel',
    undefined,
  ]);
  expect(JSON.parse(validate.input ?? '')).toEqual({ prompt: 'Hi' });
  expect(JSON.parse(invoke.output ?? '')).toMatchObject({ response: 'Hello', attempts: 1 });
  expect(validate.variables).toMatchObject({ modelIndex: '0', failures: '[]' });
  expect(JSON.parse(invoke.attempts[0]?.parameters ?? '')).toMatchObject({ Payload: { retryCount: 0 } });
  expect(invoke.events).toEqual([7, 8, 9, 10, 11]);
  expect(stepOf.get(10)).toBe(invoke);
  expect(stepOf.has(1)).toBe(false);
});

/** Runs into a failure and is redriven once. */
async function redriven(definition: object, attempts: readonly Attempt[]): Promise<Run> {
  const runTask = scriptedTasks({ T: attempts });
  const { events: before } = await runMachine(definition, {}, runTask);
  const { events } = await redrive(definition, before, runTask);
  return readHistory(toApiHistory(events));
}

const pass = { Type: 'Pass', End: true };
const call = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Arguments: {}, End: true };
const machine = (StartAt: string, States: object) => ({ QueryLanguage: 'JSONata', StartAt, States });

describe('Parallel and Map', () => {
  test('what runs inside of them has its place there', async () => {
    const each = machine('Each', { Each: pass });
    const branches = [
      machine('A', { A: { Type: 'Wait', Seconds: 3, End: true } }),
      machine('M', { M: { Type: 'Map', ItemProcessor: each, End: true } }),
    ];
    expect(await read(machine('P', { P: { Type: 'Parallel', Branches: branches, End: true } }), [1, 2])).toEqual([
      'P succeeded 0-3: succeeded 0-3',
      'P > A succeeded 0-3',
      'P > M succeeded 0-0: succeeded 0-0',
      'P > M[0] > Each succeeded 0-0',
      'P > M[1] > Each succeeded 0-0',
    ]);
  });

  test('what a failure aborts is aborted, and the state around it fails with the error', async () => {
    const slow = machine('Slow', { Slow: { Type: 'Wait', Seconds: 9, End: true } });
    const P = {
      Type: 'Parallel',
      Branches: [machine('T', { T: call }), slow],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'After' }],
    };
    expect(
      await read(
        machine('P', { P: { ...P, Next: 'After' }, After: pass }),
        {},
        { T: [{ throw: { error: 'Broken' } }] },
      ),
    ).toEqual([
      'P caught 0-0: failed Broken 0-0',
      'P > T failed 0-0: failed Broken 0-0',
      'P > Slow aborted 0-0',
      'After succeeded 0-0',
    ]);
  });

  test('an item that may fail does not stay open, and a round that is retried begins anew', async () => {
    const M = {
      Type: 'Map',
      ItemProcessor: machine('T', { T: call }),
      MaxConcurrency: 1,
      Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1 }],
      End: true,
    };
    const definition = machine('M', { M });
    const { events } = await runMachine(
      definition,
      [1, 2],
      scriptedTasks({ T: [{ throw: { error: 'Broken' } }, { return: 1 }, { return: 2 }] }),
    );
    const run = readHistory(toApiHistory(events));
    expect(lines(run)).toEqual([
      'M succeeded 0-1: failed Broken 0-0, succeeded 1-1',
      'M[0] > T failed 0-0: failed Broken 0-0',
      'M[0] > T succeeded 1-1: succeeded 1-1',
      'M[1] > T succeeded 1-1: succeeded 1-1',
    ]);
    expect(run.steps[0]).toMatchObject({
      items: 2,
      iterations: [
        { index: 0, outcome: 'succeeded' },
        { index: 1, outcome: 'succeeded' },
      ],
    });
  });
});

test.each([
  ['Parallel', { Type: 'Parallel', Branches: [machineOf('Bad'), machineOf('Good')], End: true }, 'P > '],
  ['Map', { Type: 'Map', ItemProcessor: machineOf('Bad'), End: true }, 'P[0] > '],
])('what breaks on the definition fails the %s around it, which has no event of its own', async (_, P, place) => {
  const run = readHistory(
    toApiHistory((await runMachine({ StartAt: 'P', States: { P } }, [1, 2], scriptedTasks({}))).events),
  );
  expect(lines(run).slice(0, 2)).toEqual([
    'P failed 0-0: failed States.Runtime 0-0',
    `${place}Bad failed 0-0: failed States.Runtime 0-0`,
  ]);
  expect(run.steps[0]?.attempts[0]?.inside).toBe(run.steps[1]);
  expect(run.steps[0]?.iterations?.map(({ outcome }) => outcome)).toEqual(
    place === 'P > ' ? undefined : ['failed', 'aborted'],
  );
});

function machineOf(name: string) {
  return {
    StartAt: name,
    States: { [name]: { Type: 'Pass', InputPath: name === 'Bad' ? '$.missing' : '$', End: true } },
  };
}

test.each([
  ['startExecution.sync:2', { ExecutionArn: 'arn:child', Output: {} }],
  ['startExecution', { ExecutionArn: 'arn:child', StartDate: 'now' }],
])('a task that starts an execution knows which: %s', async (resource, answer) => {
  const Ask = { ...call, Resource: `arn:aws:states:::states:${resource}` };
  const { events } = await runMachine(machine('Ask', { Ask }), {}, scriptedTasks({ Ask: [{ return: answer }] }));
  const { steps } = readHistory(toApiHistory(events));
  expect(steps.map(({ attempts }) => attempts.map(({ executionArn }) => executionArn))).toEqual([['arn:child']]);
});

test('a redrive goes on in the steps that had not ended', async () => {
  const wait = machine('W', { W: { Type: 'Wait', Seconds: 5, End: true } });
  const each = { Type: 'Map', Items: [1, 2], MaxConcurrency: 1, ItemProcessor: machine('T', { T: call }), End: true };
  const branches = [machine('M', { M: each }), wait];
  const run = await redriven(machine('P', { P: { Type: 'Parallel', Branches: branches, End: true } }), [
    { return: 1 },
    { throw: { error: 'Broken' } },
    { return: 2 },
  ]);
  expect(run.redrives).toBe(1);
  expect(lines(run)).toEqual([
    'P succeeded 0-5: failed Broken 0-0, succeeded 0-5',
    'P > M succeeded 0-0: failed Broken 0-0, succeeded 0-0',
    'P > W succeeded 0-5',
    'P > M[0] > T succeeded 0-0: succeeded 0-0',
    'P > M[1] > T succeeded 0-0: failed Broken 0-0, succeeded 0-0',
  ]);
  expect(run.steps[1]?.iterations?.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded']);
});

test('an execution that is under way has a step that runs', async () => {
  const { events } = await runMachine(machine('T', { T: call }), {}, async () => {
    throw new StateFailure('Broken');
  });
  const { steps } = readHistory(toApiHistory(events).slice(0, -2));
  expect(steps.map(({ name, status, attempts }) => [name, status, attempts.map(({ outcome }) => outcome)])).toEqual([
    ['T', 'running', ['running']],
  ]);
});

test.each(CASES)(
  'every event finds its step, and none stays open: %s',
  async (_, { definition, input, tasks = {}, expected }) => {
    const { events } = await runMachine(definition, input, scriptedTasks(tasks));
    const { steps, stepOf } = readHistory(toApiHistory(events));
    const homeless = events.filter(({ id, type }) => !stepOf.has(id) && !type.startsWith('Execution'));
    expect(homeless).toEqual([]);
    expect(steps.filter(({ status }) => status === 'running')).toEqual([]);
    expect(steps.flatMap((step) => step.events).length).toBe(stepOf.size);
    const { status } = expected.end as { status: string };
    if (status === 'SUCCEEDED')
      expect(steps.filter((step) => !step.parent).at(-1)?.status).toMatch(/^(succeeded|caught)$/);
    else expect(steps.some((step) => ['failed', 'timedOut', 'aborted'].includes(step.status))).toBe(true);
  },
);
