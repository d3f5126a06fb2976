import { describe, expect, test } from '@jest/globals';
import { StateFailure } from '../../../local/asl/errors.ts';
import { createEngine, type Engine } from '../../../local/engine/engine.ts';
import { createS3Folder } from '../../../local/s3/folder.ts';
import { NO_S3, type S3 } from '../../../local/s3/s3.ts';
import { createMemoryStore } from '../../../local/store/memory.ts';
import type { ExecutionRecord, Store } from '../../../local/store/store.ts';
import type { TaskRunner } from '../../../local/tasks/task.ts';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';
import { machineOf, readObjects, withObjects, withoutIds } from '../../support/map-run.ts';
import { eventLines, NAMES, START } from '../../support/run.ts';

const definition = (ExecutionType: string, fields: object = {}) => ({
  StartAt: 'M',
  States: {
    M: {
      Type: 'Map',
      Label: 'L',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType },
        StartAt: 'P',
        States: {
          P: { Type: 'Pass', Next: 'T' },
          T: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true },
        },
      },
      End: true,
      ...fields,
    },
  },
});

interface World {
  readonly engine: Engine;
  readonly store: Store;
  readonly clock: ManualClock;
  readonly execution: ExecutionRecord;
  /** The items whose tasks were called. */
  readonly calls: string[];
  /** The items whose tasks fail. */
  readonly failing: Set<string>;
}

async function start(machine: object, items: unknown[], failing: string[], s3: S3 = NO_S3): Promise<World> {
  const [clock, store] = [createManualClock(START), createMemoryStore()];
  const world = { clock, store, calls: [], failing: new Set(failing) };
  const engine = createEngine({ store, runTask: tasksOf(world), createClock: () => clock, s3 });
  const { executionArn, executionName: name } = NAMES;
  const execution = engine.start(machineOf(machine), { executionArn, name, input: JSON.stringify(items) });
  await engine.finished(executionArn);
  return { ...world, engine, execution };
}

function tasksOf({ calls, failing }: Pick<World, 'calls' | 'failing'>): TaskRunner {
  return async ({ arguments: text }) => {
    calls.push(text);
    if (failing.has(text)) throw new StateFailure('Broken');
    return `"did ${text}"`;
  };
}

/** Redrives the execution a second later. */
async function redrive({ engine, execution, clock, calls }: World): Promise<void> {
  calls.length = 0;
  await clock.advance(1000);
  engine.redrive(execution, { redriveDate: clock.now() });
  await engine.finished(execution.executionArn);
}

const childrenOf = ({ store }: World): ExecutionRecord[] =>
  [...store.listExecutions(`${NAMES.stateMachineArn}/L`)].reverse();

describe('the redrive of a map run', () => {
  test('goes on with the children that did not succeed, from where they stood', async () => {
    const world = await start(definition('STANDARD', { ToleratedFailureCount: 1 }), [1, 2, 3, 4], ['2', '4']);
    expect(world.execution.error).toBe('States.ExceedToleratedFailureThreshold');
    const [mapRun] = world.store.mapRuns.list();
    world.failing.clear();
    await redrive(world);
    expect(world.calls).toEqual(['2', '4']);
    expect(world.execution).toMatchObject({ status: 'SUCCEEDED', output: '["did 1","did 2","did 3","did 4"]' });
    expect(eventLines(world.store.getEvents(NAMES.executionArn))).toEqual([
      '0 1<-0 ExecutionStarted',
      '0 2<-0 MapStateEntered M',
      '0 3<-2 MapStateStarted',
      '0 4<-3 MapRunStarted',
      '0 5<-4 MapRunFailed States.ExceedToleratedFailureThreshold',
      '0 6<-5 MapStateFailed',
      '0 7<-6 ExecutionFailed States.ExceedToleratedFailureThreshold',
      '1 8<-7 ExecutionRedriven',
      '1 9<-2 MapRunRedriven',
      '1 10<-9 MapRunSucceeded',
      '1 11<-10 MapStateSucceeded',
      '1 12<-10 MapStateExited M',
      '1 13<-12 ExecutionSucceeded',
    ]);
    expect(world.store.getEvents(NAMES.executionArn)[8]?.details).toEqual({
      mapRunArn: mapRun?.mapRunArn,
      redriveCount: 1,
    });
    expect(world.store.mapRuns.list()).toMatchObject([
      {
        mapRunArn: mapRun?.mapRunArn,
        status: 'SUCCEEDED',
        redriveCount: 1,
        redriveDate: START + 1000,
        stopDate: START + 1000,
        itemCounts: { succeeded: 4, failed: 0, total: 4 },
      },
    ]);
    expect(world.store.mapRuns.list()[0]).not.toHaveProperty('error');
    const second = childrenOf(world)[1];
    expect(second).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1, redriveDate: START + 1000 });
    expect(eventLines(world.store.getEvents(second?.executionArn ?? '')).slice(5, 10)).toEqual([
      '0 6<-5 TaskStarted',
      '0 7<-6 TaskFailed Broken',
      '0 8<-7 ExecutionFailed Broken',
      '1 9<-8 ExecutionRedriven',
      '1 10<-4 TaskScheduled',
    ]);
  });

  test('can fail and be repeated', async () => {
    const world = await start(definition('STANDARD'), [1, 2], ['2']);
    await redrive(world);
    expect(world.execution).toMatchObject({ status: 'FAILED', redriveCount: 1 });
    world.failing.clear();
    await redrive(world);
    expect(world.calls).toEqual(['2']);
    expect(world.execution).toMatchObject({ status: 'SUCCEEDED', output: '["did 1","did 2"]', redriveCount: 2 });
    expect(world.store.mapRuns.list()).toMatchObject([{ redriveCount: 2, status: 'SUCCEEDED' }]);
  });

  test('writes its results beside those that were written before', async () => {
    await withObjects({}, async (folder) => {
      const Parameters = { Bucket: 'b', Prefix: 'p' };
      const writer = {
        Resource: 'arn:aws:states:::s3:putObject',
        Parameters,
        WriterConfig: { OutputType: 'JSONL', Transformation: 'COMPACT' },
      };
      const world = await start(
        definition('STANDARD', { ResultWriter: writer }),
        [1, 2],
        ['2'],
        createS3Folder(folder),
      );
      world.failing.clear();
      await redrive(world);
      const Key = 'p/<id>/Redrive-1/manifest.json';
      expect(JSON.parse(withoutIds(world.execution.output ?? ''))).toMatchObject({
        ResultWriterDetails: { Bucket: 'b', Key },
      });
      const objects = readObjects(folder);
      expect(Object.keys(objects).sort()).toEqual([
        'b/p/<id>/FAILED_0.jsonl',
        'b/p/<id>/Redrive-1/SUCCEEDED_0.jsonl',
        `b/${Key}`,
        'b/p/<id>/SUCCEEDED_0.jsonl',
        'b/p/<id>/manifest.json',
      ]);
      expect(objects['b/p/<id>/Redrive-1/SUCCEEDED_0.jsonl']).toBe('"did 1"\n"did 2"\n');
    });
  });

  test('starts children of the type EXPRESS again, and those that had not been started', async () => {
    const world = await start(definition('EXPRESS', { MaxConcurrency: 1 }), [1, 2, 3], ['2']);
    expect(world.calls).toEqual(['1', '2']);
    world.failing.clear();
    await redrive(world);
    expect(world.calls).toEqual(['2', '3']);
    expect(world.execution).toMatchObject({ status: 'SUCCEEDED', output: '["did 1","did 2","did 3"]' });
  });

  test('is another map run where the first one had done its work', async () => {
    const fails = { ResultSelector: { 'a.$': 'States.ArrayGetItem($, 7)' } };
    const world = await start(definition('STANDARD', fails), [1], []);
    expect(world.execution.status).toBe('FAILED');
    await redrive(world);
    expect(world.calls).toEqual(['1']);
    expect(world.store.mapRuns.list().map(({ redriveCount }) => redriveCount)).toEqual([undefined, undefined]);
  });

  test('goes on after a restart at any event, and does nothing twice', async () => {
    const whole = await start(definition('STANDARD'), [1, 2], ['2']);
    whole.failing.clear();
    await redrive(whole);
    const events = whole.store.getEvents(NAMES.executionArn);
    const redriven = events.findIndex(({ type }) => type === 'ExecutionRedriven') + 1;
    for (let length = redriven; length < events.length; length += 1) {
      const store = createMemoryStore();
      const { stopDate: _stop, output: _output, ...left } = whole.execution;
      const execution = { ...left, status: 'RUNNING' as const };
      for (const put of [execution, ...childrenOf(whole)]) store.putExecution({ ...put });
      for (const mapRun of whole.store.mapRuns.list()) store.mapRuns.put(mapRun);
      for (const event of events.slice(0, length)) store.appendEvent(NAMES.executionArn, event);
      const calls: string[] = [];
      const runTask = tasksOf({ calls, failing: new Set() });
      const engine = createEngine({ store, runTask, createClock: () => createManualClock(START + 1000) });
      engine.resume();
      await engine.finished(NAMES.executionArn);
      expect(store.getEvents(NAMES.executionArn)).toEqual(events);
      expect(calls).toEqual([]);
    }
  });
});
