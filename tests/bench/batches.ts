import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { type BatchOptions, parseBatchArguments } from '../../cli/arguments/batch.ts';
import { batch } from '../../cli/commands/batch.ts';
import { withDataDir } from './data-dir.ts';
import { heapBytes } from './measure.ts';

/** As many as show whether time and memory grow with the prompts, in a minute and in a quarter of an hour. */
export const FEW = [250, 1_000];
export const MANY = [1_000, 10_000, 100_000];

const CONCURRENCY = '100';
const SAMPLE_MS = 250;

/** Files of prompts, from the check of their lines to the file of results, answered by the stand-in. */
export async function benchBatches(sizes: readonly number[]): Promise<void> {
  for (const size of sizes) await withDataDir((folder) => benchBatch(size, folder));
  console.log('target: linear, memory flat\n');
}

async function benchBatch(size: number, folder: string): Promise<void> {
  const [file, out] = [join(folder, 'prompts.jsonl'), join(folder, 'results.jsonl')];
  await writePrompts(file, size);
  const words = [file, '--out', out, '--yes', '--target', 'local', '--concurrency', CONCURRENCY];
  const given = parseBatchArguments(words, {}) as BatchOptions;
  const options = { ...given, local: { ...given.local, s3Dir: join(folder, 's3') } };
  const before = heapBytes();
  let most = before;
  const sampling = setInterval(() => {
    most = Math.max(most, heapBytes());
  }, SAMPLE_MS);
  let log = '';
  const stderr = { write: (text: string) => (log += text) };
  const { signal } = new AbortController();
  const begin = performance.now();
  const sleep = (ms: number) => wait(ms);
  const code = await batch(options, { stdin: Readable.from([]), stderr, listenForInterrupt: () => signal, sleep });
  const seconds = (performance.now() - begin) / 1_000;
  clearInterval(sampling);
  if (code !== 0) throw new Error(`A batch ended with ${code}: ${log}`);
  console.log(
    `${`a batch of ${size} prompts`.padEnd(40)}${seconds.toFixed(1).padStart(8)} s, ${((seconds / size) * 1e3).toFixed(1)} ms a prompt, ${((most - before) / 1e6).toFixed(0)} MB more than before`,
  );
}

async function writePrompts(file: string, count: number): Promise<void> {
  const lines = function* (): Generator<string> {
    for (let id = 0; id < count; id += 1) yield `{"requestId":"p-${id}","prompt":"Tell me a joke about ${id}"}\n`;
  };
  await pipeline(Readable.from(lines()), createWriteStream(file));
}
