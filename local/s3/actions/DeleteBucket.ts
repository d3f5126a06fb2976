import { checkKnown, requireBucket, type S3Action } from './action.ts';

export const DeleteBucket: S3Action = async (request, storage) => {
  checkKnown(request);
  await requireBucket(request, storage);
  await storage.deleteBucket(request.bucket);
  return { status: 204 };
};
