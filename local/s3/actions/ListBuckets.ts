import { S3_NAMESPACE, xmlDocument } from '../xml.ts';
import { checkKnown, type S3Action } from './action.ts';

/** All of them at once. When each was created is not kept. */
export const ListBuckets: S3Action = async (request, storage) => {
  checkKnown(request, { query: ['max-buckets'] });
  const buckets = await storage.listBuckets();
  const Bucket = buckets.map((Name) => ({ Name, CreationDate: new Date(0).toISOString() }));
  const content = { Owner: { ID: 'local' }, Buckets: { Bucket } };
  return { status: 200, body: xmlDocument('ListAllMyBucketsResult', content, S3_NAMESPACE) };
};
