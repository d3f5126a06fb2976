import type { S3Request } from '../request.ts';
import type { S3Action } from './action.ts';
import { CreateBucket } from './CreateBucket.ts';
import { DeleteObject } from './DeleteObject.ts';
import { GetObject } from './GetObject.ts';
import { HeadBucket } from './HeadBucket.ts';
import { HeadObject } from './HeadObject.ts';
import { ListBuckets } from './ListBuckets.ts';
import { ListObjectsV2 } from './ListObjectsV2.ts';
import { PutObject } from './PutObject.ts';

/** By method, and by what the path names. */
const ACTIONS: Readonly<Record<string, S3Action>> = {
  'GET service': ListBuckets,
  'GET bucket': ListObjectsV2,
  'HEAD bucket': HeadBucket,
  'PUT bucket': CreateBucket,
  'GET object': GetObject,
  'HEAD object': HeadObject,
  'PUT object': PutObject,
  'DELETE object': DeleteObject,
};

/** Undefined for what is not done here, such as multipart uploads. */
export function findAction(method: string, { bucket, key }: S3Request): S3Action | undefined {
  const named = bucket === '' ? 'service' : key === '' ? 'bucket' : 'object';
  return ACTIONS[`${method} ${named}`];
}
