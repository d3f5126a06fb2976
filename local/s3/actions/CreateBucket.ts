import { S3Error } from '../s3.ts';
import { checkKnown, type S3Action } from './action.ts';

/** Amazon S3 User Guide, "General purpose bucket naming rules": the shape of a name. */
const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** The Region in the body is not looked at: there is one only. */
export const CreateBucket: S3Action = async (request, storage) => {
  checkKnown(request);
  const { bucket } = request;
  if (!BUCKET_NAME.test(bucket) || bucket.includes('..')) throw new S3Error('InvalidBucketName', `s3://${bucket}`);
  if (await storage.hasBucket(bucket)) throw new S3Error('BucketAlreadyOwnedByYou', `s3://${bucket}`);
  await storage.createBucket(bucket);
  return { status: 200, headers: { location: `/${bucket}` } };
};
