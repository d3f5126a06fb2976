import { readContent } from '../body.ts';
import { S3Error } from '../s3.ts';
import { checkKnown, requireBucket, type S3Action } from './action.ts';

/** "Part numbers: 1 to 10,000 (inclusive)" (Amazon S3 user guide, "Multipart upload limits"). */
export const MOST_PARTS = 10_000;

export const UploadPart: S3Action = async (request, storage) => {
  checkKnown(request, { query: ['partNumber', 'uploadId'] });
  await requireBucket(request, storage);
  const { bucket, key, query } = request;
  const text = query.get('partNumber') ?? '';
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > MOST_PARTS) {
    const why = `Part number must be an integer between 1 and ${MOST_PARTS}, inclusive`;
    throw new S3Error('InvalidArgument', `partNumber=${text}`, why);
  }
  const etag = await storage.putPart(bucket, key, query.get('uploadId') ?? '', number, readContent(request));
  return { status: 200, headers: { etag } };
};
