import { checkKnown, requireBucket, type S3Action } from './action.ts';

export const HeadBucket: S3Action = async (request, storage) => {
  checkKnown(request);
  await requireBucket(request, storage);
  return { status: 200 };
};
