import { createReadStream } from 'node:fs';
import { Upload } from '@aws-sdk/lib-storage';
import { wrongValue } from '../usage-error.ts';
import type { BatchTarget } from './target.ts';

/** "Step Functions supports 10 GB as the maximum size of an individual file" (developer guide, "ItemReader (Map)"). */
const MOST_DATASET_BYTES = 10e9;

/** Throws a UsageError for a file of prompts that the deployed machine could not read. */
export function checkDatasetSize(bytes: number): void {
  if (bytes <= MOST_DATASET_BYTES) return;
  const allowed = `at most ${MOST_DATASET_BYTES}, as Step Functions reads no larger one: several files`;
  throw wrongValue('file', `${bytes} bytes of prompts`, allowed);
}

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
