import { expect, jest, test } from '@jest/globals';
import { StateFailure } from '../../../local/asl/errors.ts';
import { createSkippingClock } from '../../../local/engine/clock.ts';
import { createEngine } from '../../../local/engine/engine.ts';
import { NO_S3, type S3 } from '../../../local/s3/s3.ts';
import { createMemoryStore } from '../../../local/store/memory.ts';
import type { TaskRunner } from '../../../local/tasks/task.ts';
import { machineOf } from '../../support/map-run.ts';
import { NAMES, START } from '../../support/run.ts';

// Thousands of executions take seconds beside other tests.
jest.setTimeout(120_000);

const ITEMS = 2100;
/** As many as are read before there is room for them. */
const AHEAD = 1000;

const map = (fields: object) => ({
  StartAt: 'M',
  States: {
    M: {
      Type: 'Map',
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig: { InputType: 'JSONL' },
        Parameters: { Bucket: 'b', Key: 'k' },
      },
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'T',
        States: { T: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true } },
      },
      End: true,
      ...fields,
    },
  },
});
const WRITER = { Resource: 'arn:aws:states:::s3:putObject', Parameters: { Bucket: 'out' } };

/** Runs a Map over an object of one number a line, and tells what was read by the time of each task. */
async function run(fields: object, answer: (n: number) => string, lines = numbers(ITEMS)) {
  let linesRead = 0;
  const readAtTask: number[] = [];
  const written: Record<string, string> = {};
  const s3: S3 = {
    ...NO_S3,
    async *getObject() {
      for (const line of lines) {
        linesRead += 1;
        yield Buffer.from(`${line}\n`);
      }
    },
    async putObject(_, key, body) {
      let text = '';
      for await (const piece of body) text += piece;
      written[key.split('/').at(-1) ?? ''] = text;
      return { size: text.length };
    },
  };
  const runTask: TaskRunner = async ({ arguments: text }) => {
    readAtTask.push(linesRead);
    return answer(Number(text));
  };
  const store = createMemoryStore();
  const engine = createEngine({ store, runTask, createClock: () => createSkippingClock(() => START), s3 });
  const { executionArn, executionName: name } = NAMES;
  const execution = engine.start(machineOf(map(fields)), { executionArn, name, input: '{}' });
  await engine.finished(executionArn);
  return { execution, mapRun: store.mapRuns.list()[0], readAtTask, written };
}

const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index));

test('children start while the dataset is read, which is never far ahead of them', async () => {
  const { execution, mapRun, readAtTask } = await run({ MaxConcurrency: 2 }, String);
  expect(execution.status).toBe('SUCCEEDED');
  expect(execution.output).toBe(`[${numbers(ITEMS)}]`);
  expect(mapRun?.itemCounts).toMatchObject({ total: ITEMS, succeeded: ITEMS, pending: 0, running: 0 });
  // One line more is asked for by the splitting of lines.
  expect([readAtTask[0], readAtTask[AHEAD], readAtTask.at(-1)]).toEqual([AHEAD, 2 * AHEAD, ITEMS]);
});

test('a line that cannot be read stops the children that run, and what others came to is written', async () => {
  const lines = [...numbers(AHEAD + 5), 'oops'];
  const { execution, mapRun, written } = await run({ MaxConcurrency: 3, ResultWriter: WRITER }, String, lines);
  expect(execution).toMatchObject({
    status: 'FAILED',
    error: 'States.ItemReaderFailed',
    cause: 'The dataset holds what is no valid JSON: oops',
  });
  expect(mapRun?.status).toBe('FAILED');
  const { succeeded = 0, aborted = 0 } = mapRun?.itemCounts ?? {};
  expect(succeeded + aborted).toBe(AHEAD);
  expect(JSON.parse(written['SUCCEEDED_0.json'] ?? '')).toHaveLength(succeeded);
});

test('the share of failures that is tolerated is one of all items', async () => {
  const fail = (n: number): string => {
    if (n < 10) throw new StateFailure('Broken');
    return '1';
  };
  const few = await run({ ToleratedFailurePercentage: 1 }, fail, numbers(AHEAD + 100));
  expect([few.execution.status, few.mapRun?.itemCounts.failed]).toEqual(['SUCCEEDED', 10]);
  const fewer = await run({ ToleratedFailurePercentage: 0.5 }, fail, numbers(AHEAD + 100));
  expect(fewer.execution).toMatchObject({ status: 'FAILED', error: 'States.ExceedToleratedFailureThreshold' });
});

test('items that are not read when the map run fails are told of as pending', async () => {
  const fail = (): string => {
    throw new StateFailure('Broken');
  };
  const { mapRun, written } = await run({ MaxConcurrency: 1, ResultWriter: WRITER }, fail);
  expect(mapRun?.itemCounts).toMatchObject({ total: ITEMS, failed: 1, pending: ITEMS - 1, resultsWritten: 1 });
  const pending = JSON.parse(written['PENDING_0.json'] ?? '') as { Input: string }[];
  expect(pending.map(({ Input }) => Input)).toEqual(numbers(ITEMS).slice(1));
});
