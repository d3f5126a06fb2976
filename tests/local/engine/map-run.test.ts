import { describe, expect, test } from '@jest/globals';
import { StateFailure } from '../../../local/asl/errors.ts';
import { createChildClock, createSkippingClock } from '../../../local/engine/clock.ts';
import { createEngine } from '../../../local/engine/engine.ts';
import { createMemoryStore } from '../../../local/store/memory.ts';
import { rejectTask } from '../../../local/tasks/lambda.ts';
import type { TaskRunner } from '../../../local/tasks/task.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { machineOf, runMapMachine } from '../../support/map-run.ts';
import { eventLines, NAMES, START } from '../../support/run.ts';

const PROCESSOR = {
  ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
  StartAt: 'T',
  States: { T: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true } },
};
const MAP = { Type: 'Map', Label: 'L', ItemProcessor: PROCESSOR, End: true };
const DEFINITION = { StartAt: 'M', States: { M: MAP } };
const TOLERANT = { ...DEFINITION, States: { M: { ...MAP, ToleratedFailureCount: 2 } } };
const PASSING = { ...PROCESSOR, StartAt: 'P', States: { P: { Type: 'Pass', End: true } } };

/** Starts a map run over items whose tasks are held, to be ended one by one. */
async function startHeld(items: unknown[], definition: object = DEFINITION) {
  const clock = createManualClock(START);
  const store = createMemoryStore();
  const held: { succeed(result: string): void; fail(error: string): void }[] = [];
  const runTask: TaskRunner = () =>
    new Promise((succeed, reject) => {
      held.push({ succeed, fail: (error) => reject(new StateFailure(error)) });
    });
  const engine = createEngine({ store, runTask, createClock: () => clock });
  const { executionArn, executionName: name } = NAMES;
  const execution = engine.start(machineOf(definition), { executionArn, name, input: JSON.stringify(items) });
  await clock.advance(0);
  const [mapRun] = store.mapRuns.list();
  if (!mapRun) throw new Error('No map run has begun');
  const children = () => [...store.listExecutions(mapRun.childMachineArn)].reverse();
  return { clock, store, engine, execution, mapRun, children, held };
}

describe('a map run', () => {
  test('runs as many children at the same time as MaxConcurrency says, also when that is changed', async () => {
    const { clock, engine, mapRun, held, execution } = await startHeld([1, 2, 3, 4, 5], {
      ...DEFINITION,
      States: { M: { ...MAP, MaxConcurrency: 2 } },
    });
    expect(held.length).toBe(2);
    expect(mapRun.executionCounts).toMatchObject({ pending: 3, running: 2, total: 5 });
    held[0]?.succeed('1');
    await clock.advance(1000);
    expect(held.length).toBe(3);
    expect(engine.mapRuns.update(mapRun.mapRunArn, { maxConcurrency: 0 })).toBe(true);
    await clock.advance(0);
    expect(held.length).toBe(5);
    expect(mapRun.executionCounts).toMatchObject({ pending: 0, running: 4, succeeded: 1 });
    for (const { succeed } of held) succeed('2');
    await engine.finished(execution.executionArn);
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: '[1,2,2,2,2]', stopDate: START + 1000 });
    expect(engine.mapRuns.update(mapRun.mapRunArn, { maxConcurrency: 1 })).toBe(false);
  });

  test('is stopped with its execution, and so are its children', async () => {
    const { store, engine, execution, mapRun, children, held, clock } = await startHeld([1, 2]);
    held[0]?.succeed('1');
    await clock.advance(1000);
    await engine.stop(execution.executionArn, { error: 'E' });
    expect(children().map(({ status, stopDate }) => [status, stopDate])).toEqual([
      ['SUCCEEDED', START + 1000],
      ['ABORTED', START + 1000],
    ]);
    expect(mapRun).toMatchObject({ status: 'ABORTED', stopDate: START + 1000 });
    expect(mapRun.executionCounts).toMatchObject({ running: 0, succeeded: 1, aborted: 1 });
    expect(eventLines(store.getEvents(execution.executionArn)).at(-1)).toBe('1 5<-0 ExecutionAborted E');
  });

  test('stops its other children when too many have failed', async () => {
    const { engine, execution, mapRun, children, held } = await startHeld([1, 2, 3]);
    held[1]?.fail('Broken');
    await engine.finished(execution.executionArn);
    expect(children().map(({ status }) => status)).toEqual(['ABORTED', 'FAILED', 'ABORTED']);
    expect(mapRun.itemCounts).toMatchObject({ failed: 1, aborted: 2, total: 3 });
    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.ExceedToleratedFailureThreshold' });
  });

  test('fails at once when fewer failures are tolerated than there are', async () => {
    const { clock, engine, execution, mapRun, held } = await startHeld([1, 2, 3], TOLERANT);
    held[1]?.fail('Broken');
    await clock.advance(0);
    expect(mapRun).toMatchObject({ status: 'RUNNING', toleratedFailureCount: 2 });
    engine.mapRuns.update(mapRun.mapRunArn, { toleratedFailureCount: 0 });
    await engine.finished(execution.executionArn);
    expect(mapRun).toMatchObject({ status: 'FAILED', error: 'States.ExceedToleratedFailureThreshold' });
  });

  test('does not take a child that was stopped for a failure', async () => {
    const { engine, execution, children, held } = await startHeld([1, 2]);
    await engine.stop(children()[0]?.executionArn ?? '', {});
    held[1]?.succeed('2');
    await engine.finished(execution.executionArn);
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: '[2]' });
  });

  test('gives its children names, an input and a state machine of their own', async () => {
    const { children, mapRun } = await startHeld([{ a: 1 }]);
    const machineArn = `${NAMES.stateMachineArn}/L`;
    const [child] = children();
    expect(mapRun).toMatchObject({ childMachineArn: machineArn, executionArn: NAMES.executionArn });
    expect(mapRun.mapRunArn).toMatch(/^arn:aws:states:us-east-1:123456789012:mapRun:machine\/L:[\da-f-]{36}$/);
    expect(child).toMatchObject({ input: '{"a":1}', mapRunArn: mapRun.mapRunArn, itemCount: 1 });
    expect(child?.executionArn).toBe(`arn:aws:states:us-east-1:123456789012:execution:machine/L:${child?.name}`);
    expect(child?.stateMachine).toMatchObject({ stateMachineArn: machineArn, name: 'machine/L', type: 'STANDARD' });
    expect(JSON.parse(child?.stateMachine.definition ?? '')).toEqual({ QueryLanguage: 'JSONPath', ...PROCESSOR });
  });

  test('goes on with the children that an earlier process left, and ends only once', async () => {
    const first = await startHeld([1, 2], TOLERANT);
    first.held[0]?.succeed('"before"');
    await first.clock.advance(0);
    const calls: string[] = [];
    const runTask: TaskRunner = async ({ arguments: text }) => {
      calls.push(text);
      return '"now"';
    };
    const done = first.children()[0];
    const store = createMemoryStore();
    if (done) store.putExecution(done);
    store.mapRuns.put({ ...first.mapRun });
    const again = createEngine({ store, runTask, createClock: () => first.clock });
    const { executionArn, executionName: name } = NAMES;
    const start = () => again.start(machineOf(TOLERANT), { executionArn, name, input: '[1,2]' });
    const execution = start();
    await again.finished(executionArn);
    expect(execution.output).toBe('["before","now"]');
    expect(calls).toEqual(['2']);
    const replayed = start();
    await again.finished(executionArn);
    expect(replayed.output).toBe('["before","now"]');
    expect(calls).toEqual(['2']);
  });

  test('can be one of a child', async () => {
    const inner = { StartAt: 'M', States: { M: { ...MAP, ItemProcessor: PASSING } } };
    const outer = { ...MAP, ItemProcessor: { ...inner, ProcessorConfig: PROCESSOR.ProcessorConfig } };
    const { execution, mapRuns } = await runMapMachine({ ...DEFINITION, States: { M: outer } }, [[1], [2, 3]], '.');
    expect(execution.output).toBe('[[1],[2,3]]');
    expect(mapRuns.map(({ childMachineArn }) => childMachineArn.split(':').at(-1))).toEqual([
      'machine/L',
      'machine/L/L',
      'machine/L/L',
    ]);
  });

  test('ends with the time limit of its execution', async () => {
    const { clock, engine, execution, mapRun, children } = await startHeld([1], { ...DEFINITION, TimeoutSeconds: 5 });
    await clock.advance(5000);
    await engine.finished(execution.executionArn);
    expect([execution.status, mapRun.status, children()[0]?.status]).toEqual(['TIMED_OUT', 'ABORTED', 'ABORTED']);
  });
});

describe('a map run that was cut off', () => {
  test('goes on with its children, under the limits that it had been given', async () => {
    const first = await startHeld([1, 2, 3], TOLERANT);
    const { clock, store, mapRun, execution } = first;
    first.held[0]?.succeed('"before"');
    first.held[1]?.fail('Broken');
    await clock.advance(1000);
    first.engine.mapRuns.update(mapRun.mapRunArn, { toleratedFailureCount: 1 });
    first.engine.halt();
    await clock.advance(1000);
    expect(store.mapRuns.get(mapRun.mapRunArn)).toMatchObject({ status: 'RUNNING', startDate: START });
    const runTask: TaskRunner = async ({ arguments: text }) => JSON.stringify(`again ${text}`);
    const engine = createEngine({ store, runTask, createClock: () => clock });
    engine.resume();
    await engine.finished(NAMES.executionArn);
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: '["before","again 3"]' });
    const counts = { succeeded: 2, failed: 1, running: 0, pending: 0, total: 3 };
    const limits = { toleratedFailureCount: 1, startDate: START };
    expect(store.mapRuns.list()).toMatchObject([{ status: 'SUCCEEDED', ...limits, itemCounts: counts }]);
    expect(eventLines(store.getEvents(NAMES.executionArn))).toEqual([
      '0 1<-0 ExecutionStarted',
      '0 2<-0 MapStateEntered M',
      '0 3<-2 MapStateStarted',
      '0 4<-3 MapRunStarted',
      '2 5<-4 MapRunSucceeded',
      '2 6<-5 MapStateSucceeded',
      '2 7<-5 MapStateExited M',
      '2 8<-7 ExecutionSucceeded',
    ]);
  });

  test.each<[string, unknown[]]>([
    ['succeeded', [1, [2]]],
    ['failed', [1, null]],
  ])('gives its state again what it gave, where it had %s', async (_, items) => {
    const States = { P: { Type: 'Pass', Parameters: { 'id.$': '$$.Execution.Name', 'x.$': '$' }, End: true } };
    const processor = { ...PASSING, States: items.includes(null) ? { P: { Type: 'Fail', Error: 'No' } } : States };
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'P' }];
    const P = { Type: 'Pass', End: true };
    const definition = { ...DEFINITION, States: { M: { ...MAP, ItemProcessor: processor, Catch }, P } };
    const whole = await runMapMachine(definition, items, '.');
    for (let length = 4; length < whole.events.length; length += 1) {
      const store = createMemoryStore();
      const { stopDate: _stop, output: _output, ...left } = whole.execution;
      const execution = { ...left, status: 'RUNNING' as const };
      for (const put of [execution, ...whole.children]) store.putExecution(put);
      for (const mapRun of whole.mapRuns) store.mapRuns.put(mapRun);
      for (const event of whole.events.slice(0, length)) store.appendEvent(NAMES.executionArn, event);
      const engine = createEngine({ store, runTask: rejectTask, createClock: () => createSkippingClock(() => START) });
      engine.resume();
      await engine.finished(NAMES.executionArn);
      expect(store.getEvents(NAMES.executionArn)).toEqual(whole.events);
      expect(store.getExecution(NAMES.executionArn)).toEqual(whole.execution);
    }
  });

  test('is aborted, with its children, where its execution had ended', async () => {
    const { clock, store, engine, execution, mapRun, children } = await startHeld([1]);
    engine.halt();
    Object.assign(execution, { status: 'ABORTED', stopDate: START + 5 });
    const later = createEngine({ store, runTask: rejectTask, createClock: () => clock });
    later.resume();
    await clock.advance(0);
    expect(store.mapRuns.get(mapRun.mapRunArn)).toMatchObject({ status: 'ABORTED', stopDate: START + 5 });
    expect(children().map(({ status }) => status)).toEqual(['ABORTED']);
  });
});

describe('the clock of a child', () => {
  test('is its parent’s where waits take their time', () => {
    const parent = createManualClock(START);
    expect(createChildClock(parent, START + 1000)).toBe(parent);
  });

  test('begins where it is told, runs with its parent’s, and skips alone', () => {
    let now = START;
    const parent = createSkippingClock(() => now);
    const child = createChildClock(parent, START + 1000);
    child.at(START + 5000, () => {});
    now += 10;
    expect(child.now()).toBe(START + 1010);
    expect(child.skip?.()).toBe(true);
    expect([child.now(), parent.now()]).toEqual([START + 5000, START + 10]);
  });
});
