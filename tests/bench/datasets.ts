import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createSkippingClock } from '../../local/engine/clock.ts';
import { createEngine } from '../../local/engine/engine.ts';
import { createS3Folder } from '../../local/s3/folder.ts';
import { openSqliteStore } from '../../local/store/sqlite.ts';
import { rejectTask } from '../../local/tasks/lambda.ts';
import { withDataDir } from './data-dir.ts';
import { standardMachine } from './machines.ts';
import { heapBytes } from './measure.ts';

const SIZES = [10_000, 100_000];
const SAMPLE_MS = 1000;

const dataset = (ExecutionType: 'STANDARD' | 'EXPRESS') => ({
  StartAt: 'Map',
  States: {
    Map: {
      Type: 'Map',
      MaxConcurrency: 1000,
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig: { InputType: 'JSONL' },
        Parameters: { Bucket: 'in', Key: 'items.jsonl' },
      },
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType },
        StartAt: 'Item',
        States: { Item: { Type: 'Pass', End: true } },
      },
      ResultWriter: { Resource: 'arn:aws:states:::s3:putObject', Parameters: { Bucket: 'out', Prefix: 'results' } },
      End: true,
    },
  },
});

/** Map runs over a file of JSON lines, kept in SQLite, with their results written to files. */
export async function benchDatasets(): Promise<void> {
  for (const executionType of ['STANDARD', 'EXPRESS'] as const) {
    for (const size of SIZES) await withDataDir((folder) => benchDataset(executionType, size, folder));
  }
  console.log('target: linear, memory flat\n');
}

async function benchDataset(executionType: 'STANDARD' | 'EXPRESS', size: number, folder: string): Promise<void> {
  const s3Dir = join(folder, 's3');
  await writeItems(join(s3Dir, 'in', 'items.jsonl'), size);
  const store = openSqliteStore(join(folder, 'data'));
  const createClock = () => createSkippingClock(Date.now);
  const engine = createEngine({ store, runTask: rejectTask, createClock, s3: createS3Folder(s3Dir) });
  const executionArn = 'arn:aws:states:us-east-1:123456789012:execution:bench:1';
  const machine = standardMachine('bench', dataset(executionType));
  const before = heapBytes();
  let most = before;
  const sampling = setInterval(() => {
    most = Math.max(most, heapBytes());
  }, SAMPLE_MS);
  const begin = performance.now();
  const execution = engine.start(machine, { executionArn, name: '1', input: '{}' });
  await engine.finished(executionArn);
  const seconds = (performance.now() - begin) / 1000;
  clearInterval(sampling);
  store.close();
  if (execution.status !== 'SUCCEEDED') throw new Error(`An execution ended ${execution.status}: ${execution.cause}`);
  console.log(
    `${`a dataset of ${size} items, ${executionType}`.padEnd(40)}${seconds.toFixed(1).padStart(8)} s, ${((seconds / size) * 1e6).toFixed(0)} us an item, ${((most - before) / 1e6).toFixed(0)} MB more than before`,
  );
}

async function writeItems(file: string, count: number): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  const lines = function* (): Generator<string> {
    for (let id = 0; id < count; id += 1)
      yield `${JSON.stringify({ id, prompt: 'Tell me a joke about the number' })}\n`;
  };
  await pipeline(Readable.from(lines()), createWriteStream(file));
}
