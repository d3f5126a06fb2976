import type { S3Request } from '../request.ts';
import { S3Error, type S3Object, type S3Storage } from '../s3.ts';
import { checkKnown, requireBucket, type S3Action } from './action.ts';

export const HeadObject: S3Action = async (request, storage) => {
  return { status: 200, headers: describeObject(await findObject(request, storage)) };
};

/** The object, where the request's If-Match is not for another one. */
export async function findObject(request: S3Request, storage: S3Storage): Promise<S3Object> {
  const { bucket, key, headers } = request;
  checkKnown(request, { headers: ['if-match'] });
  await requireBucket(request, storage);
  const object = await storage.headObject(bucket, key);
  if ((headers['if-match'] ?? object.etag) === object.etag) return object;
  throw new S3Error('PreconditionFailed', `s3://${bucket}/${key}`);
}

/** A folder keeps no content type: every object has the one that S3 gives where none was put. */
export function describeObject({ size, lastModified, etag }: S3Object): Record<string, string | number> {
  return {
    'accept-ranges': 'bytes',
    'content-length': size,
    'content-type': 'binary/octet-stream',
    etag,
    'last-modified': new Date(lastModified).toUTCString(),
  };
}
