import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** A file as it was when its ETag was kept. */
interface Kept {
  readonly size: number;
  readonly mtimeMs: number;
  readonly etag: string;
}

/**
 * The ETags of the files of a folder: the MD5 of the content, but for an object that was uploaded in parts, whose ETag
 * tells of the parts ("Checking object integrity", Amazon S3 user guide). That one is kept, until the file is another.
 */
export function createEtags(root: string) {
  const folder = join(root, '.etags');
  const placeOf = (file: string): string =>
    join(folder, createHash('sha256').update(relative(root, file)).digest('hex'));
  return {
    async read(file: string): Promise<string> {
      const text = await readFile(placeOf(file), 'utf8').catch(() => undefined);
      if (text !== undefined) {
        const { size, mtimeMs, etag } = JSON.parse(text) as Kept;
        const now = await lstat(file);
        if (now.size === size && now.mtimeMs === mtimeMs) return etag;
      }
      const hash = createHash('md5');
      for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) hash.update(piece);
      return `"${hash.digest('hex')}"`;
    },
    async keep(file: string, etag: string): Promise<void> {
      const { size, mtimeMs } = await lstat(file);
      await mkdir(folder, { recursive: true });
      await writeFile(placeOf(file), JSON.stringify({ size, mtimeMs, etag } satisfies Kept));
    },
    async forget(file: string): Promise<void> {
      await rm(placeOf(file), { force: true });
      // It stays where there are others.
      await rmdir(folder).catch(() => {});
    },
  };
}

export type Etags = ReturnType<typeof createEtags>;
