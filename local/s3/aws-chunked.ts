import { S3Error } from './s3.ts';

/** `size in hex[;chunk-signature=...]`; no chunk of an SDK is near the largest that is taken. */
const CHUNK_HEADER = /^([0-9a-f]{1,8})(;.*)?$/i;
const MOST_HEADER_BYTES = 16 * 1024;

/**
 * Decodes a body of Content-Encoding aws-chunked (Amazon S3 API Reference, "Signature calculations: transferring payload
 * in multiple chunks"): chunks of `SIZE[;chunk-signature=...]\r\nBYTES\r\n`, an empty one, then the trailing headers, which
 * are put into `trailers` by lower-case name. Signatures are not checked. Throws S3Error for anything else.
 */
export async function* decodeAwsChunked(
  body: AsyncIterable<Buffer>,
  trailers: Record<string, string>,
  about: string,
): AsyncGenerator<Buffer> {
  const source = createReader(body, about);
  for (;;) {
    const [, size] = CHUNK_HEADER.exec(await source.line()) ?? [];
    if (size === undefined) throw new S3Error('IncompleteBody', about);
    const left = Number.parseInt(size, 16);
    if (left === 0) break;
    yield* source.bytes(left);
    if ((await source.line()) !== '') throw new S3Error('IncompleteBody', about);
  }
  for (let line = await source.line(); line !== ''; line = await source.line()) {
    const [name = '', ...value] = line.split(':');
    trailers[name.trim().toLowerCase()] = value.join(':').trim();
  }
}

/** Reads lines and counted bytes from pieces of any length. */
function createReader(body: AsyncIterable<Buffer>, about: string) {
  const pieces = body[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);

  const more = async (): Promise<Buffer> => {
    const { value, done } = await pieces.next();
    if (done) throw new S3Error('IncompleteBody', about);
    return value;
  };
  return {
    /** Without its CRLF. */
    async line(): Promise<string> {
      for (;;) {
        const end = rest.indexOf('\r\n');
        if (end >= 0) {
          const line = rest.toString('latin1', 0, end);
          rest = rest.subarray(end + 2);
          return line;
        }
        if (rest.length > MOST_HEADER_BYTES) throw new S3Error('IncompleteBody', about);
        rest = Buffer.concat([rest, await more()]);
      }
    },
    async *bytes(count: number): AsyncGenerator<Buffer> {
      for (let left = count; left > 0; ) {
        if (rest.length === 0) rest = await more();
        const piece = rest.subarray(0, left);
        rest = rest.subarray(piece.length);
        left -= piece.length;
        yield piece;
      }
    },
  };
}
