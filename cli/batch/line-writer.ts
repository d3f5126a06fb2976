import { type FileHandle, open, rename } from 'node:fs/promises';

/** Characters that are written in one piece. */
const PIECE = 256 * 1024;

/** A file of lines that appears as a whole, under its name, when it is finished. */
export interface LineWriter {
  write(line: string): Promise<void>;
  /** Puts it on the disk, and in its place. */
  finish(): Promise<void>;
}

/** Begins a file that is called `<path>.partial` until it is finished. */
export async function openLineWriter(path: string): Promise<LineWriter> {
  const partial = `${path}.partial`;
  const file: FileHandle = await open(partial, 'w');
  let lines: string[] = [];
  let length = 0;
  const flush = async (): Promise<void> => {
    if (lines.length > 0) await file.appendFile(`${lines.join('\n')}\n`);
    [lines, length] = [[], 0];
  };
  return {
    async write(line) {
      lines.push(line);
      length += line.length;
      if (length >= PIECE) await flush();
    },
    async finish() {
      await flush();
      await file.sync();
      await file.close();
      await rename(partial, path);
    },
  };
}
