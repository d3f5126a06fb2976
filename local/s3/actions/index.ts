import type { S3Request } from '../request.ts';
import { AbortMultipartUpload } from './AbortMultipartUpload.ts';
import type { S3Action } from './action.ts';
import { CompleteMultipartUpload } from './CompleteMultipartUpload.ts';
import { CreateBucket } from './CreateBucket.ts';
import { CreateMultipartUpload } from './CreateMultipartUpload.ts';
import { DeleteBucket } from './DeleteBucket.ts';
import { DeleteObject } from './DeleteObject.ts';
import { GetObject } from './GetObject.ts';
import { HeadBucket } from './HeadBucket.ts';
import { HeadObject } from './HeadObject.ts';
import { ListBuckets } from './ListBuckets.ts';
import { ListObjects } from './ListObjects.ts';
import { ListObjectsV2 } from './ListObjectsV2.ts';
import { PutObject } from './PutObject.ts';
import { UploadPart } from './UploadPart.ts';

/** By method, by what the path names, and by the query parameter that makes it another action. */
const ACTIONS: Readonly<Record<string, S3Action>> = {
  'GET service': ListBuckets,
  'GET bucket': ListObjects,
  'GET bucket?list-type': ListObjectsV2,
  'HEAD bucket': HeadBucket,
  'PUT bucket': CreateBucket,
  'DELETE bucket': DeleteBucket,
  'GET object': GetObject,
  'HEAD object': HeadObject,
  'PUT object': PutObject,
  'DELETE object': DeleteObject,
  'POST object?uploads': CreateMultipartUpload,
  'PUT object?uploadId': UploadPart,
  'POST object?uploadId': CompleteMultipartUpload,
  'DELETE object?uploadId': AbortMultipartUpload,
};

const TELLING = ['uploads', 'uploadId', 'list-type'];

/** Undefined for what is not done here, such as listing the parts of an upload. */
export function findAction(method: string, { bucket, key, query }: S3Request): S3Action | undefined {
  const named = bucket === '' ? 'service' : key === '' ? 'bucket' : 'object';
  const told = TELLING.find((name) => query.has(name));
  return ACTIONS[`${method} ${named}${told === undefined ? '' : `?${told}`}`];
}
