import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type BatchOptions, parseBatchArguments } from '../../../cli/arguments/batch.ts';
import { batch } from '../../../cli/commands/batch.ts';

/** Each test starts an endpoint, some of them two. */
jest.setTimeout(60_000);

let folder: string;
let [file, out] = ['', ''];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'batch-'));
  [file, out] = [join(folder, 'prompts.jsonl'), join(folder, 'results.jsonl')];
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the command over a pipe. `interrupt` is pressed when the error output holds its text. */
async function run(flags: readonly string[], interruptAt?: string) {
  const given = parseBatchArguments([file, '--out', out, ...flags], {}) as BatchOptions;
  const options = { ...given, local: { ...given.local, s3Dir: join(folder, 's3') } };
  const interrupt = new AbortController();
  let stderr = '';
  const write = (text: string): void => {
    stderr += text;
    if (interruptAt !== undefined && stderr.includes(interruptAt)) interrupt.abort();
  };
  const sleep = (ms: number, signal: AbortSignal) => wait(ms, undefined, { signal }).catch(() => {});
  const io = { stdin: Readable.from([]), stderr: { write }, listenForInterrupt: () => interrupt.signal, sleep };
  const code = await batch(options, io);
  return { code, stderr };
}

const prompts = (...ids: string[]): string =>
  ids.map((requestId) => `${JSON.stringify({ prompt: 'Hi', requestId })}\n`).join('');

interface Result {
  readonly requestId: string;
  readonly error?: string;
  readonly complete?: boolean;
}

const readResults = (): Result[] =>
  readFileSync(out, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

const idsOf = (results: readonly Result[]): string[] => results.map(({ requestId }) => requestId).sort();

describe('a batch', () => {
  test('has one result for each prompt, and leaves nothing else behind', async () => {
    writeFileSync(file, `${prompts('a', 'b')}{"prompt":"Hi"}\n`);
    const { code, stderr } = await run(['--yes']);
    expect(code).toBe(0);
    expect(idsOf(readResults())).toEqual(['a', 'b', 'line-3']);
    expect(readResults().every(({ complete }) => complete)).toBe(true);
    const [plan, ...lines] = stderr.split('\n');
    expect(plan).toBe(
      'Plan: 3 prompts, about 48 tokens in and 900 out, 10 at a time; Bedrock, which a stand-in answers for, would take 15 s and $0.0010',
    );
    expect(lines.at(-2)).toMatch(/results\.jsonl: 3 answered, 0 failed, \$0\.000\d$/);
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual([
      'prompts.jsonl',
      'results.jsonl',
      's3',
      's3/pipeline-batches',
      's3/pipeline-batches/results',
    ]);
  });

  test('tells every wrong line by its number and starts nothing, or leaves them out', async () => {
    writeFileSync(file, `${prompts('a')}nope\n${prompts('a')}{"prompt":" "}\n`);
    const { code, stderr } = await run(['--yes']);
    const problems = `line 2: found what is no JSON, allowed is a JSON object such as {"prompt": "Tell me a joke"}
line 3: requestId: found "a", which line 1 has, allowed is each once
line 4: prompt: found a string of 1 character with only white space, allowed is text
`;
    expect([code, stderr]).toEqual([
      2,
      `${problems}3 lines of ${file} cannot be run and nothing was started: mend them, or leave them out with --skip-invalid\n`,
    ]);
    expect([existsSync(out), existsSync(`${out}.batch`)]).toEqual([false, false]);
    const skipped = await run(['--yes', '--skip-invalid']);
    expect([skipped.code, idsOf(readResults())]).toEqual([0, ['a']]);
    expect(skipped.stderr).toContain(`${problems}3 lines are left out\nPlan: `);
  });

  test('is not started without a terminal and --yes', async () => {
    writeFileSync(file, prompts('a'));
    const { code, stderr } = await run([]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/\nStart it\? Found no terminal to ask on, allowed is --yes; nothing was started\n$/);
    expect([existsSync(out), existsSync(`${out}.batch`)]).toEqual([false, false]);
  });

  test('that failed in part runs again what failed, and nothing else', async () => {
    writeFileSync(file, prompts('a', 'b', 'c'));
    const first = await run(['--yes', '--concurrency', '1', '--tolerate', '50', '--fault', 'AccessDeniedException']);
    expect([first.code, idsOf(readResults())]).toEqual([1, ['a', 'b', 'c']]);
    expect(first.stderr).toContain(
      `To run again what failed: npm run batch -- ${file} --out ${out} --yes --concurrency 1 --tolerate 50 --retry-failed\n`,
    );
    const before = readResults().filter(({ error }) => error === undefined);
    expect(before).toHaveLength(2);
    const second = await run(['--yes', '--retry-failed']);
    expect(second.stderr).toMatch(/^Plan: 1 prompt,/);
    expect(second.code).toBe(0);
    expect(readResults()).toEqual([expect.objectContaining({ complete: true }), ...before]);
  });

  test('that Ctrl-C left goes on with --resume', async () => {
    writeFileSync(file, prompts(...Array.from({ length: 30 }, (_, index) => `p-${index}`)));
    const left = await run(['--yes', '--concurrency', '1'], ' done');
    expect(left.code).toBe(130);
    expect(left.stderr).toMatch(
      /Stopped, and nothing is lost; to go on: npm run batch -- \S+ --out \S+ --yes --concurrency 1 --resume\n$/,
    );
    await expect(run(['--resume', '--bedrock', 'aws'])).rejects.toThrow(
      `--bedrock: found aws, allowed is stand-in, which answers the run of ${out}`,
    );
    await expect(run(['--yes'])).rejects.toThrow(
      `--out: found ${out}, whose run has not ended, allowed is --resume, which goes on with it`,
    );
    const resumed = await run(['--resume']);
    expect([resumed.code, new Set(idsOf(readResults())).size, readResults().length]).toEqual([0, 30, 30]);
  });

  test('that the end of the day stopped asks the rest with --resume', async () => {
    writeFileSync(file, prompts(...Array.from({ length: 40 }, (_, index) => `p-${index}`)));
    const stopped = await run(['--yes', '--concurrency', '1', '--tolerate', '100', '--fault', 'DailyQuota']);
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toContain(
      `The account's tokens of the day are used up; when AWS gives the next day's, or a higher quota: npm run batch -- ${file} --out ${out} --yes --concurrency 1 --tolerate 100 --resume\n`,
    );
    const before = readResults();
    expect(before.length).toBeLessThan(40);
    expect(before.filter(({ error }) => error !== undefined)).toEqual([]);
    const rest = await run(['--yes', '--resume']);
    expect([rest.code, new Set(idsOf(readResults())).size, readResults().length]).toEqual([0, 40, 40]);
    const again = await run(['--yes', '--resume']);
    expect([again.code, again.stderr]).toEqual([0, `Nothing to run: 40 prompts have results in ${out}\n`]);
  });

  test.each([
    [['--retry-failed'], /^--retry-failed: found no .*results\.jsonl, allowed is results of a run$/],
    [['--resume', '--retry-failed'], /^--resume, --retry-failed: found together, allowed is one of them$/],
    [['--target', 'aws'], /^--target aws: found no BATCH_STATE_MACHINE_ARN, allowed is the ARN of the batch machine /],
    [['--follow', 'arn'], /^--follow: found "arn", allowed is the ARN of an execution of the batch machine$/],
    [
      ['--follow', 'arn', '--target', 'local'],
      /^--follow: found the local target, allowed is --target aws, or --resume$/,
    ],
    [
      ['--latency', '1', '--bedrock', 'aws'],
      /^--latency: found Bedrock itself, allowed is the stand-in, which alone is as slow as asked$/,
    ],
    [['--rpm', '0'], /^--rpm: found "0", allowed is a whole number from 1 to \d+$/],
  ])('refuses %j', async (flags, message) => {
    writeFileSync(file, prompts('a'));
    await expect(async () => run(flags)).rejects.toThrow(message);
  });

  test('refuses results that are there, and a file that is not', async () => {
    await expect(run([])).rejects.toThrow(`file: found no file ${file}, allowed is one that is there`);
    writeFileSync(file, prompts('a'));
    writeFileSync(out, '');
    await expect(run([])).rejects.toThrow(
      `--out: found ${out}, which has results, allowed is a new file, --resume or --retry-failed`,
    );
  });
});
