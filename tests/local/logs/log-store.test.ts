import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openLogFile } from '../../../local/logs/log-file.ts';
import { createMemoryLog, type LogLine, type LogStore } from '../../../local/logs/log-store.ts';

const START = Date.UTC(2026, 10, 24, 12);

const line = (index: number, padding = 0): LogLine => {
  const timestamp = START + index * 1000;
  const fields = { timestamp: new Date(timestamp).toISOString(), index, padding: 'é'.repeat(padding) };
  return { timestamp, message: JSON.stringify(fields) };
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const noReport = (problem: string): void => {
  throw new Error(problem);
};

const stores: [string, (name: string) => LogStore][] = [
  ['in memory', () => createMemoryLog()],
  ['in a file', (name) => openLogFile(join(folder, name, 'functions.log'), noReport)],
];

const all = { from: 0, to: Number.MAX_SAFE_INTEGER, matches: () => true, limit: 10_000 };
const indexes = (lines: readonly LogLine[]): number[] => lines.map(({ message }) => JSON.parse(message).index);

describe.each(stores)('a log %s', (_, open) => {
  test('gives the lines of a time that match, the oldest first', async () => {
    const log = open('time');
    for (let index = 0; index < 20; index += 1) log.append(line(index));
    const query = { ...all, from: START + 5000, to: START + 15_000 };
    const { lines, next } = await log.read({ ...query, matches: ({ timestamp }) => timestamp % 2000 === 0 });
    expect([indexes(lines), next]).toEqual([[6, 8, 10, 12, 14], undefined]);
    log.close();
  });

  test('goes on where an answer ended, and with what came after it', async () => {
    const log = open('pages');
    for (let index = 0; index < 5; index += 1) log.append(line(index));
    const first = await log.read({ ...all, limit: 3 });
    log.append(line(5));
    const second = await log.read({ ...all, limit: 3, after: first.next });
    expect([indexes(first.lines), indexes(second.lines), second.next]).toEqual([[0, 1, 2], [3, 4, 5], undefined]);
    log.close();
  });

  test('finds a time among many lines of any length', async () => {
    const log = open('many');
    for (let index = 0; index < 3000; index += 1) log.append(line(index, (index * 37) % 400));
    for (const at of [0, 1, 1499, 2998, 2999]) {
      const { lines } = await log.read({ ...all, from: START + at * 1000, limit: 2 });
      expect(indexes(lines)).toEqual([at, at + 1].filter((index) => index < 3000));
    }
    expect(await log.read({ ...all, from: START + 3_000_000 })).toEqual({ lines: [] });
    log.close();
  });
});

test('half a line that a crash left is skipped, and spoils no other', async () => {
  const path = join(folder, 'crash.log');
  const before = openLogFile(path, noReport);
  before.append(line(0));
  before.close();
  appendFileSync(path, line(1).message.slice(0, 60));
  const after = openLogFile(path, noReport);
  after.append(line(2));
  expect(indexes((await after.read(all)).lines)).toEqual([0, 2]);
  expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(4);
  after.close();
});

test('a file that can no longer be written is told of once', () => {
  const problems: string[] = [];
  const log = openLogFile('/dev/full', (problem) => problems.push(problem));
  log.append(line(0));
  log.append(line(1));
  expect(problems).toEqual(['/dev/full is no longer written (ENOSPC)']);
});

test('a file that grows too large loses its older half, and pages go on behind it', async () => {
  const path = join(folder, 'bounded.log');
  const most = 100 * (line(10).message.length + 1);
  const log = openLogFile(path, noReport, most);
  const query = { ...all, limit: 5 };
  for (let index = 10; index < 70; index += 1) log.append(line(index));
  const first = await log.read({ ...query, from: START + 65_000, limit: 2 });
  for (let index = 70; index < 99; index += 1) log.append(line(index));
  expect(indexes((await log.read({ ...query, after: undefined })).lines)).toEqual([10, 11, 12, 13, 14]);
  for (let index = 99; index < 120; index += 1) log.append(line(index));
  expect(readFileSync(path).length).toBeLessThanOrEqual(most);
  const { lines } = await log.read(all);
  expect([indexes(lines)[0], indexes(lines).at(-1), lines.length]).toEqual([61, 119, 59]);
  expect(indexes((await log.read({ ...query, after: first.next })).lines)).toEqual([67, 68, 69, 70, 71]);
  log.close();
  const again = openLogFile(path, noReport, most);
  again.append(line(120));
  expect(indexes((await again.read(all)).lines).at(-1)).toBe(120);
  again.close();
});
