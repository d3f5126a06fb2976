import { isUtf8 } from 'node:buffer';

/** One line of a file of JSON lines; `text` is undefined for one that cannot be read, and `problem` says why. */
export type Line =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly problem: string };

/** More than any input of the pipeline may have; a longer line is not even kept. */
export const MOST_LINE_BYTES = 1024 * 1024;

const NEWLINE = 0x0a;

/** The lines of a text in UTF-8, as its bytes come, without those that are blank. Numbers count from 1. */
export async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  let number = 0;
  const add = (piece: Uint8Array): void => {
    length += piece.length;
    if (length > MOST_LINE_BYTES) pieces = [];
    else if (piece.length > 0) pieces.push(piece);
  };
  const take = (): Line | undefined => {
    number += 1;
    const line = toLine(number, pieces, length);
    [pieces, length] = [[], 0];
    return line;
  };
  for await (const piece of bytes) {
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end !== -1; end = piece.indexOf(NEWLINE, start)) {
      add(piece.subarray(start, end));
      start = end + 1;
      const line = take();
      if (line) yield line;
    }
    add(piece.subarray(start));
  }
  if (length === 0) return;
  const last = take();
  if (last) yield last;
}

function toLine(number: number, pieces: readonly Uint8Array[], length: number): Line | undefined {
  if (length > MOST_LINE_BYTES) {
    return { number, problem: `found a line of ${length} bytes, allowed is at most ${MOST_LINE_BYTES}` };
  }
  const bytes = Buffer.concat(pieces);
  if (!isUtf8(bytes)) return { number, problem: 'found bytes that are no UTF-8, allowed is UTF-8' };
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  return text.trim() === '' ? undefined : { number, text };
}
