import { expect, test } from '@jest/globals';
import { type Line, MOST_LINE_BYTES, readLines } from '../../../cli/batch/lines.ts';

async function read(...pieces: (string | Uint8Array)[]): Promise<Line[]> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    for (const piece of pieces) yield Buffer.from(piece as string);
  }
  const lines: Line[] = [];
  for await (const line of readLines(bytes())) lines.push(line);
  return lines;
}

test('lines have their numbers, wherever the pieces break, and blank ones count', async () => {
  expect(await read('a', 'b\n\n \r\nc', '\n', 'd')).toEqual([
    { number: 1, text: 'ab' },
    { number: 4, text: 'c' },
    { number: 5, text: 'd' },
  ]);
});

test('a character may come in two pieces, and a byte order mark is none', async () => {
  const bytes = Buffer.from('\uFEFF{"prompt":"é"}\n');
  expect(await read(bytes.subarray(0, 15), bytes.subarray(15))).toEqual([{ number: 1, text: '{"prompt":"é"}' }]);
});

test('what is no UTF-8, and what is too long, is a problem of its line only', async () => {
  const long = Buffer.alloc(MOST_LINE_BYTES + 1, 'a');
  expect(await read('ok\n', Uint8Array.of(0xff, 0x0a), long, '\n', 'ok\n', long.subarray(1), '\n')).toEqual([
    { number: 1, text: 'ok' },
    { number: 2, problem: 'found bytes that are no UTF-8, allowed is UTF-8' },
    { number: 3, problem: 'found a line of 1048577 bytes, allowed is at most 1048576' },
    { number: 4, text: 'ok' },
    { number: 5, text: 'a'.repeat(MOST_LINE_BYTES) },
  ]);
});
