import { createReadStream } from 'node:fs';
import { Upload } from '@aws-sdk/lib-storage';
import type { BatchTarget } from './target.ts';

/**
 * Puts a file into the bucket of batches, in parts where it is large. Aborted, it ends with the parts under way and
 * leaves nothing. Returns whether the object is there. Throws what the SDK throws.
 */
export async function uploadFile({ s3, bucket }: BatchTarget, path: string, key: string, signal: AbortSignal) {
  const params = { Bucket: bucket, Key: key, Body: createReadStream(path, { signal }) };
  try {
    await new Upload({ client: s3, params }).done();
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}
