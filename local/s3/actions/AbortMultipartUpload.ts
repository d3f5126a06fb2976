import { checkKnown, requireBucket, type S3Action } from './action.ts';

export const AbortMultipartUpload: S3Action = async (request, storage) => {
  checkKnown(request, { query: ['uploadId'] });
  await requireBucket(request, storage);
  const { bucket, key, query } = request;
  await storage.abortUpload(bucket, key, query.get('uploadId') ?? '');
  return { status: 204 };
};
