import type { IncomingMessage } from 'node:http';
import { S3Error } from './s3.ts';

/** A request as the actions take it. */
export interface S3Request {
  /** Empty where none is named. */
  readonly bucket: string;
  /** Empty where none is named. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  /** As it comes over the connection: an action decodes it. */
  readonly body: AsyncIterable<Buffer>;
}

/** `bucket.localhost`: the SDKs put the bucket there when the endpoint is a name and no address. */
const BUCKET_HOST = /^(.+)\.localhost(:\d+)?$/;

/** Query parameters of a signature, and the one that the SDKs put there for people who read logs. */
const MEANINGLESS = /^(x-amz-.*|x-id|AWSAccessKeyId|Signature|Expires)$/i;

/** Reads where a request leads. Throws S3Error for a path that cannot be read. */
export function readRequest(request: IncomingMessage): S3Request {
  const { url = '/', headers } = request;
  // Not by URL, which would resolve `..` in a key.
  const [path = '/', ...rest] = url.split('?');
  const decoded = decode(path);
  const inHost = BUCKET_HOST.exec(headers.host ?? '')?.[1];
  const [, bucket = '', key = ''] =
    /^\/([^/]*)\/?(.*)$/s.exec(inHost === undefined ? decoded : `/${inHost}${decoded}`) ?? [];
  const query = new URLSearchParams(rest.join('?'));
  for (const name of [...query.keys()]) if (MEANINGLESS.test(name)) query.delete(name);
  return { bucket, key, query, headers, body: request };
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new S3Error('InvalidURI', path);
  }
}
