import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { formatLine, type Level } from '../../../cli/log/log-line.ts';
import { createProgress } from '../../../cli/log/progress.ts';
import { openTerminalLog } from '../../../cli/log/terminal-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'terminal-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

const time = new Date(2025, 0, 2, 3, 4, 5, 6);

function fakeTerminal() {
  const written: string[] = [];
  return { written, isTTY: true, write: (text: string) => written.push(text) };
}

describe('the form of a line', () => {
  test('local time with six digits behind the second', () => {
    expect(formatLine({ level: 'INFO', time, text: 'Response: hi' }, false)).toBe(
      '[INFO 2025-01-02 03:04:05.006000] Response: hi',
    );
  });

  test.each([
    ['INFO', 34],
    ['ERROR', 31],
    ['SUCCESS', 32],
  ] as [Level, number][])('%s has the colour %d', (level, colour) => {
    expect(formatLine({ level, time, text: 'x' }, true)).toBe(
      `\u001b[${colour}m[${level} 2025-01-02 03:04:05.006000]\u001b[0m x`,
    );
  });

  test('a text of several lines, or with control characters, stays one harmless line', () => {
    const text = 'a\n[SUCCESS] forged\r\u001b[2J\u009b\u2028ä';
    expect(formatLine({ level: 'INFO', time, text }, false)).toBe(
      '[INFO 2025-01-02 03:04:05.006000] a\\n[SUCCESS] forged\\r\\u001b[2J\\u009b\\u2028ä',
    );
  });
});

describe('the log of a run', () => {
  test('goes to the terminal in colour and to the file, whose folder it makes, without', () => {
    const stream = fakeTerminal();
    const file = join(folder, 'a', 'b', 'pipeline.log');
    const open = () => openTerminalLog({ stream, isColoured: true, progress: createProgress(stream, () => 0), file });
    for (const text of ['one', 'two']) {
      const log = open();
      log.write({ level: 'INFO', time, text });
      log.close();
    }
    const head = '[INFO 2025-01-02 03:04:05.006000]';
    expect(stream.written).toEqual([`\u001b[34m${head}\u001b[0m one\n`, `\u001b[34m${head}\u001b[0m two\n`]);
    expect(readFileSync(file, 'utf8')).toBe(`${head} one\n${head} two\n`);
  });

  test('without a file writes none', () => {
    const stream = fakeTerminal();
    const log = openTerminalLog({
      stream,
      isColoured: false,
      progress: createProgress(stream, () => 0),
      file: undefined,
    });
    log.write({ level: 'ERROR', time, text: 'x' });
    log.close();
    expect(stream.written).toEqual(['[ERROR 2025-01-02 03:04:05.006000] x\n']);
  });

  test('a file that cannot be written is wrong use', () => {
    const stream = fakeTerminal();
    const progress = createProgress(stream, () => 0);
    writeFileSync(join(folder, 'plain'), '');
    const file = join(folder, 'plain', 'pipeline.log');
    expect(() => openTerminalLog({ stream, isColoured: false, progress, file })).toThrow(
      `log file ${file}: found that it cannot be written (EEXIST), allowed is a writable path or --no-log-file`,
    );
  });

  const testWithFullDevice = process.platform === 'linux' ? test : test.skip;
  testWithFullDevice('a file that fails later is reported once and costs nothing else', () => {
    const stream = fakeTerminal();
    const progress = createProgress(stream, () => 0);
    const log = openTerminalLog({ stream, isColoured: false, progress, file: '/dev/full' });
    log.write({ level: 'INFO', time, text: 'one' });
    log.write({ level: 'INFO', time, text: 'two' });
    log.close();
    expect(stream.written).toEqual([
      '[INFO 2025-01-02 03:04:05.006000] one\n',
      '/dev/full is no longer written (ENOSPC)\n',
      '[INFO 2025-01-02 03:04:05.006000] two\n',
    ]);
  });

  test('erases the progress line before it writes', () => {
    const stream = fakeTerminal();
    let now = 0;
    const progress = createProgress(stream, () => now);
    const log = openTerminalLog({ stream, isColoured: false, progress, file: undefined });
    progress.waiting({ name: 'InvokeModel', eventId: 2 });
    now = 3_000;
    progress.waiting({ name: 'InvokeModel', eventId: 2 });
    log.say('done\n');
    log.say('twice\n');
    expect(stream.written).toEqual(['\r\u001b[2KInvokeModel 3 s', '\r\u001b[2K', 'done\n', 'twice\n']);
  });
});

describe('the progress line', () => {
  test('counts the seconds of each entry of a state and draws each once', () => {
    const stream = fakeTerminal();
    let now = 0;
    const progress = createProgress(stream, () => now);
    const entry = { name: 'InvokeModel', eventId: 2 };
    progress.waiting(undefined);
    for (now of [0, 999, 1_000, 1_500, 2_000]) progress.waiting(entry);
    progress.waiting({ ...entry, eventId: 9 });
    now = 3_000;
    progress.waiting({ ...entry, eventId: 9 });
    expect(stream.written).toEqual([
      '\r\u001b[2KInvokeModel 1 s',
      '\r\u001b[2KInvokeModel 2 s',
      '\r\u001b[2KInvokeModel 1 s',
    ]);
  });

  test('draws nothing where there is no terminal', () => {
    const stream = { ...fakeTerminal(), isTTY: false };
    let now = 0;
    const progress = createProgress(stream, () => now);
    for (now of [0, 5_000]) progress.waiting({ name: 'InvokeModel', eventId: 2 });
    progress.erase();
    expect(stream.written).toEqual([]);
  });
});
