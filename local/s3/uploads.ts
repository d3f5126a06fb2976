import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ObjectPart, S3Error, type S3Uploads } from './s3.ts';

/** "Part size: 5 MiB to 5 GiB. There is no minimum size limit on the last part" (user guide, "multipart upload limits"). */
const LEAST_PART_BYTES = 5 * 1024 ** 2;

/** As `randomUUID` makes them: no other names a folder. */
const UPLOAD_ID = /^[0-9a-f-]{36}$/;

export interface UploadsOptions {
  /** Has a folder for each upload that was neither completed nor aborted, with a file for each part. */
  readonly folder: string;
  /** Puts an object together of its parts' bytes, and gives it the ETag that there is when they have ended. */
  assemble(bucket: string, key: string, bytes: AsyncIterable<Buffer>, etag: () => string): Promise<void>;
  /** Writes a file that appears as a whole. Returns its ETag. */
  write(file: string, body: AsyncIterable<Uint8Array>): Promise<string>;
}

/** Multipart uploads into a folder. They outlive the process, as those of S3 do. */
export function createUploads({ folder, assemble, write }: UploadsOptions): S3Uploads {
  const find = async (bucket: string, key: string, uploadId: string): Promise<string> => {
    const place = join(folder, uploadId);
    const object = UPLOAD_ID.test(uploadId) && (await readFile(join(place, 'object'), 'utf8').catch(() => ''));
    if (object !== JSON.stringify([bucket, key])) throw new S3Error('NoSuchUpload', uploadId);
    return place;
  };
  const remove = async (place: string): Promise<void> => {
    await rm(place, { recursive: true });
    // It stays where there are others.
    await rmdir(folder).catch(() => {});
  };
  return {
    async createUpload(bucket, key) {
      const uploadId = randomUUID();
      const place = join(folder, uploadId);
      await mkdir(place, { recursive: true });
      await writeFile(join(place, 'object'), JSON.stringify([bucket, key]));
      return uploadId;
    },
    async putPart(bucket, key, uploadId, number, body) {
      return write(join(await find(bucket, key, uploadId), String(number)), body);
    },
    async completeUpload(bucket, key, uploadId, parts) {
      const place = await find(bucket, key, uploadId);
      await checkParts(place, parts);
      const digests = createHash('md5');
      const etag = (): string => `"${digests.copy().digest('hex')}-${parts.length}"`;
      await assemble(bucket, key, readParts(place, parts, digests), etag);
      await remove(place);
      return etag();
    },
    async abortUpload(bucket, key, uploadId) {
      await remove(await find(bucket, key, uploadId));
    },
  };
}

/** Throws InvalidPartOrder, InvalidPart for one that is not there, EntityTooSmall. */
async function checkParts(place: string, parts: readonly ObjectPart[]): Promise<void> {
  const numbers = parts.map(({ number }) => number);
  const isAscending = numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0));
  if (!isAscending) throw new S3Error('InvalidPartOrder', numbers.join(', '));
  for (const number of numbers) {
    const stats = await lstat(join(place, String(number))).catch(() => undefined);
    if (!stats) throw new S3Error('InvalidPart', `part ${number}`);
    if (number !== numbers.at(-1) && stats.size < LEAST_PART_BYTES) {
      throw new S3Error('EntityTooSmall', `part ${number} has ${stats.size} bytes`);
    }
  }
}

/** The bytes of all parts; their MD5 digests go into `digests`. Throws InvalidPart for a part with another ETag. */
async function* readParts(
  place: string,
  parts: readonly ObjectPart[],
  digests: ReturnType<typeof createHash>,
): AsyncGenerator<Buffer> {
  for (const { number, etag } of parts) {
    const hash = createHash('md5');
    for await (const piece of createReadStream(join(place, String(number))) as AsyncIterable<Buffer>) {
      hash.update(piece);
      yield piece;
    }
    const digest = hash.digest();
    if (etag.replaceAll('"', '') !== digest.toString('hex')) throw new S3Error('InvalidPart', `part ${number}`);
    digests.update(digest);
  }
}
