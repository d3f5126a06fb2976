import { readContent } from '../body.ts';
import { checkKnown, requireBucket, type S3Action } from './action.ts';

/** Metadata, tags, storage class and encryption are taken and not kept. */
export const PutObject: S3Action = async (request, storage) => {
  checkKnown(request);
  await requireBucket(request, storage);
  const { etag } = await storage.putObject(request.bucket, request.key, readContent(request));
  return { status: 200, headers: { etag } };
};
