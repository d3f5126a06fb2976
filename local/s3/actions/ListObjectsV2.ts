import { S3Error } from '../s3.ts';
import { S3_NAMESPACE, xmlDocument } from '../xml.ts';
import { checkKnown, requireBucket, type S3Action } from './action.ts';
import { LISTING_PARAMETERS, listPage } from './listing.ts';

const PARAMETERS = [...LISTING_PARAMETERS, 'list-type', 'start-after', 'continuation-token', 'fetch-owner'];

export const ListObjectsV2: S3Action = async (request, storage) => {
  checkKnown(request, { query: PARAMETERS });
  const { query } = request;
  const type = query.get('list-type');
  if (type !== '2') throw new S3Error('InvalidArgument', `list-type=${type}`);
  await requireBucket(request, storage);
  const token = query.get('continuation-token') ?? undefined;
  const page = await listPage(request, storage, Buffer.from(token ?? '', 'base64url').toString());
  const { isTruncated, count, last = '', encode, content } = page;
  const more = {
    StartAfter: query.has('start-after') ? encode(query.get('start-after') ?? '') : undefined,
    ContinuationToken: token,
    NextContinuationToken: isTruncated ? Buffer.from(last).toString('base64url') : undefined,
    KeyCount: count,
  };
  return { status: 200, body: xmlDocument('ListBucketResult', { ...content, ...more }, S3_NAMESPACE) };
};
