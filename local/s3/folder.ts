import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, mkdtemp, open, readdir, realpath, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { createEtags, type Etags } from './etags.ts';
import { S3Error, type S3Object, type S3Storage } from './s3.ts';
import { createUploads } from './uploads.ts';

/** What a file system says of names that it cannot hold, such as `a` and `a/b` at once. */
const UNHOLDABLE = ['EEXIST', 'EISDIR', 'ENAMETOOLONG', 'ENOTDIR', 'ENOTEMPTY'];

/**
 * A folder whose files `bucket/key` stand for the objects of S3. No name leads out of it: neither by `..` nor by a link.
 * `buckets` are there without their folder, which their first object makes.
 */
export function createS3Folder(folder: string, buckets: readonly string[] = []): S3Storage {
  const root = resolve(folder);
  const etags = createEtags(root);

  const fileOf = async (bucket: string, key: string): Promise<string> => {
    const file = join(root, ...nameParts(bucket, key));
    await checkInside(root, file, `s3://${bucket}/${key}`);
    return file;
  };
  const existing = async (bucket: string, key: string): Promise<string> => {
    const file = await fileOf(bucket, key);
    const stats = await lstat(file).catch(() => undefined);
    if (!stats?.isFile()) throw new S3Error('NoSuchKey', `s3://${bucket}/${key}`);
    return file;
  };
  const folderOf = (bucket: string): Promise<string> => fileOf(bucket, '.bucket').then(dirname);
  const hasFolder = async (bucket: string): Promise<boolean> =>
    (await lstat(await folderOf(bucket)).catch(() => undefined))?.isDirectory() ?? false;

  /** Writes a file that appears as a whole, in a folder that `place` makes. */
  const write = async (
    file: string,
    body: Iterable<string> | AsyncIterable<string | Uint8Array>,
    place: () => Promise<unknown> = async () => {},
  ): Promise<{ size: number; etag: string }> => {
    await mkdir(root, { recursive: true });
    const staging = await mkdtemp(join(root, '.upload-'));
    try {
      const put = await writePieces(join(staging, 'object'), body);
      await place();
      await rename(join(staging, 'object'), file);
      return put;
    } finally {
      await rm(staging, { recursive: true });
    }
  };

  const storage: S3Storage = {
    ...createUploads({
      folder: join(root, '.uploads'),
      write: async (file, body) => (await write(file, body)).etag,
      async assemble(bucket, key, bytes, etag) {
        await storage.putObject(bucket, key, bytes);
        await etags.keep(await existing(bucket, key), etag());
      },
    }),
    async headObject(bucket, key) {
      return describe(await existing(bucket, key), key, etags);
    },
    async *getObject(bucket, key, range) {
      yield* createReadStream(await existing(bucket, key), range) as AsyncIterable<Buffer>;
    },
    async putObject(bucket, key, body) {
      const file = await fileOf(bucket, key);
      return write(file, body, () => mkdir(dirname(file), { recursive: true })).catch((error) => {
        throw UNHOLDABLE.includes((error as NodeJS.ErrnoException).code ?? '') ? notHeld(bucket, key) : error;
      });
    },
    async deleteObject(bucket, key) {
      const file = await existing(bucket, key).catch(() => undefined);
      if (file === undefined) return;
      await rm(file, { force: true });
      await etags.forget(file);
      // An empty folder would be in the way of an object of its name.
      const top = await folderOf(bucket);
      for (let path = dirname(file); path !== top; path = dirname(path)) {
        const error = await rmdir(path).catch((reason: Error) => reason);
        if (error) return;
      }
    },
    async *listObjects(bucket, prefix) {
      const top = await folderOf(bucket);
      for (const key of await storage.listKeys(bucket, prefix)) yield describe(join(top, key), key, etags);
    },
    async listKeys(bucket, prefix) {
      const top = await folderOf(bucket);
      if (!(await hasFolder(bucket))) {
        if (buckets.includes(bucket)) return [];
        throw new S3Error('NoSuchBucket', `s3://${bucket}`);
      }
      const keys = await readKeys(top, '');
      const matching = keys.filter((key) => key.startsWith(prefix));
      // Node compares by UTF-16 units, S3 by bytes of UTF-8.
      const sorted = matching.map((key) => Buffer.from(key)).sort(Buffer.compare);
      return sorted.map((key) => key.toString());
    },
    async createBucket(bucket) {
      await mkdir(await folderOf(bucket), { recursive: true });
    },
    async deleteBucket(bucket) {
      if (buckets.includes(bucket)) throw new S3Error('AccessDenied', `s3://${bucket}`, 'The bucket is needed here');
      if ((await storage.listKeys(bucket, '')).length > 0) throw new S3Error('BucketNotEmpty', `s3://${bucket}`);
      await rm(await folderOf(bucket), { recursive: true });
    },
    async hasBucket(bucket) {
      return buckets.includes(bucket) || hasFolder(bucket);
    },
    async listBuckets() {
      const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
      const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
      return [...new Set([...buckets, ...folders.map(({ name }) => name)])].sort();
    },
  };
  return storage;
}

/** The parts of a path. Throws an S3Error for names that a folder cannot hold, or that mean another place in it. */
function nameParts(bucket: string, key: string): string[] {
  const parts = [bucket, ...key.split('/')];
  const isName = (part: string): boolean => part !== '' && part !== '.' && part !== '..' && !/[\0\\]/.test(part);
  // What begins with a dot is the folder's own.
  if (bucket.includes('/') || bucket.startsWith('.') || !parts.every(isName)) throw notHeld(bucket, key);
  return parts;
}

function notHeld(bucket: string, key: string): S3Error {
  return new S3Error('InvalidURI', `s3://${bucket}/${key}`, 'A folder cannot hold the object');
}

/** Throws an S3Error where a link leads from `root` to another place on the way to `file`. */
async function checkInside(root: string, file: string, url: string): Promise<void> {
  const realRoot = await realpath(root).catch(() => root);
  for (let path = file; path.length > root.length; path = dirname(path)) {
    const isThere = await lstat(path).catch(() => undefined);
    if (!isThere) continue;
    const real = await realpath(path).catch(() => '');
    if (real.startsWith(realRoot + sep)) return; // and so is everything above it
    throw new S3Error('AccessDenied', url, 'A link leads out of the folder');
  }
}

async function writePieces(
  file: string,
  body: Iterable<string> | AsyncIterable<string | Uint8Array>,
): Promise<{ size: number; etag: string }> {
  const hash = createHash('md5');
  const handle = await open(file, 'w');
  let size = 0;
  try {
    for await (const piece of body) {
      await handle.writeFile(piece);
      hash.update(piece);
      size += Buffer.byteLength(piece);
    }
  } finally {
    await handle.close();
  }
  return { size, etag: `"${hash.digest('hex')}"` };
}

async function readKeys(folder: string, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    // A link is neither: what it leads to is not listed.
    if (entry.isFile()) keys.push(prefix + entry.name);
    else if (entry.isDirectory()) {
      for (const key of await readKeys(join(folder, entry.name), `${prefix}${entry.name}/`)) keys.push(key);
    }
  }
  return keys;
}

async function describe(file: string, key: string, etags: Etags): Promise<S3Object> {
  const { size, mtimeMs } = await lstat(file);
  return { key, size, lastModified: mtimeMs, etag: await etags.read(file) };
}
