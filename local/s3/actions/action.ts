import type { S3Request } from '../request.ts';
import { S3Error, type S3Storage } from '../s3.ts';

export interface S3Response {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  /** A document as text, or the bytes of an object. */
  readonly body?: string | AsyncIterable<Buffer>;
}

/** Answers one kind of request. Throws S3Error. */
export type S3Action = (request: S3Request, storage: S3Storage) => Promise<S3Response>;

/** Throws NoSuchBucket. */
export async function requireBucket({ bucket }: S3Request, storage: S3Storage): Promise<void> {
  if (!(await storage.hasBucket(bucket))) throw new S3Error('NoSuchBucket', `s3://${bucket}`);
}

/** Headers that change what a request means. */
const MEANINGFUL = /^(if-|x-amz-copy-source|x-amz-server-side-encryption-customer-|x-amz-write-offset)/;

/**
 * Throws NotImplemented for a query parameter that the action does not know, which would ask for another action, and for a
 * header that it would have to follow.
 */
export function checkKnown(
  { query, headers }: S3Request,
  known: { readonly query?: readonly string[]; readonly headers?: readonly string[] } = {},
): void {
  const parameter = [...query.keys()].find((name) => !known.query?.includes(name));
  if (parameter !== undefined) throw new S3Error('NotImplemented', `?${parameter}`);
  const header = Object.keys(headers).find((name) => MEANINGFUL.test(name) && !known.headers?.includes(name));
  if (header !== undefined) throw new S3Error('NotImplemented', header);
}
