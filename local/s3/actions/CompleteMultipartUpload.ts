import { buffer } from 'node:stream/consumers';
import { readContent } from '../body.ts';
import { type ObjectPart, S3Error } from '../s3.ts';
import { readElements, S3_NAMESPACE, xmlDocument } from '../xml.ts';
import { checkKnown, requireBucket, type S3Action } from './action.ts';
import { MOST_PARTS } from './UploadPart.ts';

/** Checksums of parts, and of the whole, are taken and not looked at: the ETags of the parts tell the same. */
export const CompleteMultipartUpload: S3Action = async (request, storage) => {
  checkKnown(request, { query: ['uploadId'] });
  await requireBucket(request, storage);
  const { bucket, key, query, headers } = request;
  const parts = readParts((await buffer(readContent(request))).toString(), `s3://${bucket}/${key}`);
  const ETag = await storage.completeUpload(bucket, key, query.get('uploadId') ?? '', parts);
  const path = `${bucket}/${key}`.split('/').map(encodeURIComponent).join('/');
  const content = { Location: `http://${headers.host}/${path}`, Bucket: bucket, Key: key, ETag };
  return { status: 200, body: xmlDocument('CompleteMultipartUploadResult', content, S3_NAMESPACE) };
};

function readParts(text: string, about: string): ObjectPart[] {
  const parts = readElements(text, 'Part').map((part) => ({
    number: Number(readElements(part, 'PartNumber')[0]),
    etag: readElements(part, 'ETag')[0] ?? '',
  }));
  const isPart = ({ number, etag }: ObjectPart) => Number.isInteger(number) && number > 0 && etag !== '';
  if (parts.length === 0 || parts.length > MOST_PARTS || !parts.every(isPart)) throw new S3Error('MalformedXML', about);
  return parts;
}
