import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, open, readdir, realpath } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { type S3, S3Error, type S3Object } from './s3.ts';

/**
 * A folder whose files `bucket/key` stand for the objects of S3. No name leads out of it: neither by `..` nor by a link.
 */
export function createS3Folder(folder: string): S3 {
  const root = resolve(folder);

  const fileOf = async (bucket: string, key: string): Promise<string> => {
    const file = join(root, ...nameParts(bucket, key));
    await checkInside(root, file, `s3://${bucket}/${key}`);
    return file;
  };
  return {
    async *getObject(bucket, key) {
      const file = await fileOf(bucket, key);
      const stats = await lstat(file).catch(() => undefined);
      if (!stats?.isFile()) throw new S3Error(`The specified key does not exist: s3://${bucket}/${key}`);
      yield* createReadStream(file) as AsyncIterable<Buffer>;
    },
    async putObject(bucket, key, body) {
      const file = await fileOf(bucket, key);
      await mkdir(dirname(file), { recursive: true });
      const handle = await open(file, 'w');
      let size = 0;
      try {
        for (const text of body) {
          await handle.writeFile(text);
          size += Buffer.byteLength(text);
        }
      } finally {
        await handle.close();
      }
      return { size };
    },
    async *listObjects(bucket, prefix) {
      const top = await fileOf(bucket, '.bucket').then(dirname);
      const keys = await listKeys(top, '', `s3://${bucket}`);
      const matching = keys.filter((key) => key.startsWith(prefix));
      // Node compares by UTF-16 units, S3 by bytes of UTF-8.
      const sorted = matching.map((key) => Buffer.from(key)).sort(Buffer.compare);
      for (const key of sorted) yield describe(top, key.toString());
    },
  };
}

/** The parts of a path. Throws an S3Error for names that a folder cannot hold, or that mean another place in it. */
function nameParts(bucket: string, key: string): string[] {
  const parts = [bucket, ...key.split('/')];
  const isName = (part: string): boolean => part !== '' && part !== '.' && part !== '..' && !/[\0\\]/.test(part);
  if (bucket.includes('/') || !parts.every(isName)) {
    throw new S3Error(`A folder cannot hold the object s3://${bucket}/${key}`);
  }
  return parts;
}

/** Throws an S3Error where a link leads from `root` to another place on the way to `file`. */
async function checkInside(root: string, file: string, url: string): Promise<void> {
  const realRoot = await realpath(root).catch(() => root);
  for (let path = file; path.length > root.length; path = dirname(path)) {
    const isThere = await lstat(path).catch(() => undefined);
    if (!isThere) continue;
    const real = await realpath(path).catch(() => '');
    if (real.startsWith(realRoot + sep)) return; // and so is everything above it
    throw new S3Error(`A link leads out of the folder at ${url}`);
  }
}

async function listKeys(folder: string, prefix: string, url: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => {
    throw new S3Error(`The specified bucket does not exist: ${url}`);
  });
  const keys: string[] = [];
  for (const entry of entries) {
    // A link is neither: what it leads to is not listed.
    if (entry.isFile()) keys.push(prefix + entry.name);
    else if (entry.isDirectory()) {
      for (const key of await listKeys(join(folder, entry.name), `${prefix}${entry.name}/`, url)) keys.push(key);
    }
  }
  return keys;
}

async function describe(folder: string, key: string): Promise<S3Object> {
  const file = join(folder, key);
  const { size, mtimeMs } = await lstat(file);
  const hash = createHash('md5');
  for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) hash.update(piece);
  return { key, size, lastModified: mtimeMs, etag: `"${hash.digest('hex')}"` };
}
