import { S3_NAMESPACE, xmlDocument } from '../xml.ts';
import { checkKnown, requireBucket, type S3Action } from './action.ts';

export const CreateMultipartUpload: S3Action = async (request, storage) => {
  checkKnown(request, { query: ['uploads'] });
  await requireBucket(request, storage);
  const { bucket, key } = request;
  const content = { Bucket: bucket, Key: key, UploadId: await storage.createUpload(bucket, key) };
  return { status: 200, body: xmlDocument('InitiateMultipartUploadResult', content, S3_NAMESPACE) };
};
