import { buffer } from 'node:stream/consumers';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { readContent } from '../body.ts';
import { type ObjectPart, S3Error } from '../s3.ts';
import { S3_NAMESPACE, xmlDocument } from '../xml.ts';
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

const PARSER = new XMLParser({ parseTagValue: false, htmlEntities: true, isArray: (name) => name === 'Part' });

interface PartsDocument {
  readonly CompleteMultipartUpload?: {
    readonly Part?: readonly { readonly PartNumber?: string; readonly ETag?: string }[];
  };
}

function readParts(text: string, about: string): ObjectPart[] {
  if (XMLValidator.validate(text) !== true) throw new S3Error('MalformedXML', about);
  const { CompleteMultipartUpload } = PARSER.parse(text) as PartsDocument;
  const parts = (CompleteMultipartUpload?.Part ?? []).map(({ PartNumber, ETag = '' }) => ({
    number: Number(PartNumber),
    etag: ETag,
  }));
  const isPart = ({ number, etag }: ObjectPart) => Number.isInteger(number) && number > 0 && etag !== '';
  if (parts.length === 0 || parts.length > MOST_PARTS || !parts.every(isPart)) throw new S3Error('MalformedXML', about);
  return parts;
}
