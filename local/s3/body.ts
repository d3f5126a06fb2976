import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { decodeAwsChunked } from './aws-chunked.ts';
import type { S3Request } from './request.ts';
import { S3Error } from './s3.ts';

/** What computes a digest, piece by piece. */
interface Digest {
  update(piece: Buffer): void;
  digest(): Buffer;
}

/** By the end of `x-amz-checksum-*`. CRC-32C and CRC-64/NVME, which Node lacks, are taken unchecked. */
const CHECKSUMS: Readonly<Record<string, () => Digest>> = {
  crc32: createCrc32,
  sha1: () => createHash('sha1'),
  sha256: () => createHash('sha256'),
};

/**
 * The content of an upload: decoded where it comes in signed chunks, and checked at its end against every digest that the
 * request brings. Throws S3Error IncompleteBody, BadDigest, XAmzContentSHA256Mismatch.
 */
export async function* readContent({ body, headers, bucket, key }: S3Request): AsyncGenerator<Buffer> {
  const about = `s3://${bucket}/${key}`;
  const header = (name: string): string | undefined => [headers[name]].flat()[0];
  const trailers: Record<string, string> = {};
  const isChunked = (header('x-amz-content-sha256') ?? '').startsWith('STREAMING-');
  const content = isChunked ? decodeAwsChunked(body, trailers, about) : body;
  const length = header(isChunked ? 'x-amz-decoded-content-length' : 'content-length');

  const digests = new Map(Object.entries(CHECKSUMS).map(([name, create]) => [name, create()]));
  const md5 = createHash('md5');
  let size = 0;
  for await (const piece of content) {
    size += piece.length;
    md5.update(piece);
    for (const digest of digests.values()) digest.update(piece);
    yield piece;
  }
  if (length !== undefined && Number(length) !== size) throw new S3Error('IncompleteBody', about);
  if (differs(header('content-md5'), md5.digest())) throw new S3Error('BadDigest', about);
  for (const [name, digest] of digests) {
    const computed = digest.digest();
    const field = `x-amz-checksum-${name}`;
    if (differs(trailers[field] ?? header(field), computed)) throw new S3Error('BadDigest', about);
    const isSigned = name === 'sha256' && /^[0-9a-f]{64}$/.test(header('x-amz-content-sha256') ?? '');
    if (isSigned && header('x-amz-content-sha256') !== computed.toString('hex'))
      throw new S3Error('XAmzContentSHA256Mismatch', about);
  }
}

function differs(given: string | undefined, computed: Buffer): boolean {
  return given !== undefined && given !== computed.toString('base64');
}

function createCrc32(): Digest {
  let value = 0;
  return {
    update(piece) {
      value = crc32(piece, value);
    },
    digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes;
    },
  };
}
