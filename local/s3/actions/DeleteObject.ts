import { checkKnown, requireBucket, type S3Action } from './action.ts';

export const DeleteObject: S3Action = async (request, storage) => {
  checkKnown(request);
  await requireBucket(request, storage);
  await storage.deleteObject(request.bucket, request.key);
  return { status: 204 };
};
