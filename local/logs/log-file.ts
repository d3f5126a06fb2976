import { appendFileSync, closeSync, fstatSync, openSync, readSync, renameSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from '../store/make-folder.ts';
import type { LogAnswer, LogLine, LogQuery, LogStore } from './log-store.ts';

const CHUNK = 64 * 1024;
const NEWLINE = 0x0a;
/** Lines of some 40,000 prompts. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Lines in a file, one JSON object a line with its time as `timestamp` in ISO 8601, as the functions log them. They are
 * in the order of time, so that a time is found without reading what was before. `report` is told once, when the file
 * can no longer be written: a full disk must not cost what the functions do. A file that grows over `mostBytes` loses its
 * older half. Throws when it cannot be opened.
 */
export function openLogFile(path: string, report: (problem: string) => void, mostBytes = MOST_BYTES): LogStore {
  let descriptor = openForAppending(path);
  let { size } = fstatSync(descriptor);
  /** Bytes that the file has lost: offsets that were given out count them. */
  let lost = 0;
  let isWritable = true;
  const loseOlderHalf = (): void => {
    const kept = newestLines(descriptor, size, mostBytes / 2);
    writeFileSync(`${path}.new`, kept);
    closeSync(descriptor);
    renameSync(`${path}.new`, path);
    descriptor = openSync(path, 'a+');
    lost += size - kept.length;
    size = kept.length;
  };
  const append = (text: string): void => {
    if (!isWritable) return;
    try {
      appendFileSync(descriptor, text);
      size += Buffer.byteLength(text);
      if (size > mostBytes) loseOlderHalf();
    } catch (error) {
      isWritable = false;
      report(`${path} is no longer written (${(error as NodeJS.ErrnoException).code})`);
    }
  };
  // A crash may have left half a line, which must not spoil the next one.
  if (!endsLine(descriptor)) append('\n');
  return {
    append: ({ message }) => append(`${message}\n`),
    async read(query) {
      let before = lost;
      let file = await open(path);
      // It may have lost lines while it was being opened.
      while (before !== lost) {
        await file.close();
        before = lost;
        file = await open(path);
      }
      const after = query.after === undefined ? undefined : Math.max(0, query.after - before);
      try {
        const { lines, next } = await readLines(file, { ...query, after });
        return { lines, ...(next !== undefined && { next: next + before }) };
      } finally {
        await file.close();
      }
    },
    close: () => closeSync(descriptor),
  };
}

function openForAppending(path: string): number {
  try {
    makeFolder(dirname(path));
    return openSync(path, 'a+');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`The data folder ${dirname(path)} cannot be used: ${code}`, { cause: error });
  }
}

/** The last whole lines of a file that fit into so many bytes. */
function newestLines(descriptor: number, size: number, most: number): Buffer {
  const tail = Buffer.alloc(Math.min(size, most + 1));
  readSync(descriptor, tail, 0, tail.length, size - tail.length);
  return tail.subarray(tail.indexOf(NEWLINE) + 1);
}

function endsLine(descriptor: number): boolean {
  const { size } = fstatSync(descriptor);
  const last = Buffer.alloc(1);
  if (size > 0) readSync(descriptor, last, 0, 1, size - 1);
  return size === 0 || last[0] === NEWLINE;
}

async function readLines(file: FileHandle, { from, to, matches, limit, after }: LogQuery): Promise<LogAnswer> {
  const { size } = await file.stat();
  const found: LogLine[] = [];
  const start = after ?? (await findTime(file, size, from));
  for await (const { text, offset } of linesFrom(file, start)) {
    const line = toLine(text);
    if (!line || line.timestamp < from) continue;
    if (line.timestamp > to) break;
    if (!matches(line)) continue;
    if (found.length === limit) return { lines: found, next: offset };
    found.push(line);
  }
  return { lines: found };
}

/** An offset not behind the first line of a time, and near it. */
async function findTime(file: FileHandle, size: number, time: number): Promise<number> {
  let [low, high] = [0, size];
  while (high - low > CHUNK) {
    const middle = Math.floor((low + high) / 2);
    const line = await firstLineBehind(file, middle);
    if (line && line.timestamp < time) low = middle;
    else high = middle;
  }
  return low === 0 ? 0 : await nextLineStart(file, low);
}

async function firstLineBehind(file: FileHandle, offset: number): Promise<LogLine | undefined> {
  for await (const { text } of linesFrom(file, await nextLineStart(file, offset))) {
    const line = toLine(text);
    if (line) return line;
  }
  return undefined;
}

async function nextLineStart(file: FileHandle, offset: number): Promise<number> {
  for await (const { offset: start, text } of linesFrom(file, offset)) return start + Buffer.byteLength(text) + 1;
  return offset;
}

/** The whole lines of a file from an offset on; a last one without its end is still being written. */
async function* linesFrom(file: FileHandle, start: number): AsyncGenerator<{ text: string; offset: number }> {
  let rest: Buffer = Buffer.alloc(0);
  let offset = start;
  for (let position = start; ; ) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    rest = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
    let begin = 0;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE, begin)) {
      yield { text: rest.toString('utf8', begin, end), offset: offset + begin };
      begin = end + 1;
    }
    offset += begin;
    rest = rest.subarray(begin);
  }
}

/** Undefined for what no function wrote, such as half a line. */
function toLine(message: string): LogLine | undefined {
  // Parsing all of it is left to what needs it.
  const [, iso] = /"timestamp":"([^"]{1,40})"/.exec(message) ?? [];
  const timestamp = Date.parse(iso ?? '');
  return Number.isNaN(timestamp) || !message.endsWith('}') ? undefined : { timestamp, message };
}
