import { open, rename, rm } from 'node:fs/promises';

/** Characters that are written in one piece. */
const PIECE = 256 * 1024;

/**
 * Writes a file of lines, which appears as a whole when `fill` has ended; until then it is called `<path>.partial`, and
 * when `fill` throws, what was there stays. Returns what `fill` returns.
 */
export async function writeLines<Filled>(
  path: string,
  fill: (write: (line: string) => Promise<void>) => Promise<Filled>,
): Promise<Filled> {
  const partial = `${path}.partial`;
  const file = await open(partial, 'w');
  let lines: string[] = [];
  let length = 0;
  const flush = async (): Promise<void> => {
    if (lines.length > 0) await file.appendFile(`${lines.join('\n')}\n`);
    [lines, length] = [[], 0];
  };
  try {
    const filled = await fill(async (line) => {
      lines.push(line);
      length += line.length;
      if (length >= PIECE) await flush();
    });
    await flush();
    await file.sync();
    await rename(partial, path);
    return filled;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}
