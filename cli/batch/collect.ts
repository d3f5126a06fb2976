import { GetObjectCommand, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import { readLines } from './lines.ts';
import type { Result } from './results.ts';

/** What ResultWriter tells of a child that did not succeed (developer guide, "ResultWriter (Map)"). */
interface FailedChild {
  readonly Input: string;
  readonly Status: string;
  readonly Error?: string;
  readonly Cause?: string;
}

interface Manifest {
  readonly ResultFiles: Readonly<Record<'SUCCEEDED' | 'FAILED' | 'PENDING', readonly { readonly Key: string }[]>>;
}

/** These did not fail by their own fault: the run was stopped, or the day's quota was gone. */
const UNFINISHED_ERRORS = ['DailyQuotaExceededError'];

/**
 * The results that a map run wrote, by the keys of its manifests: outputs of the children that succeeded, errors of those
 * that failed; nothing of those that did not get to their end. Nothing at all where the map run wrote none. Of a child
 * with several results the first one counts.
 */
export async function* readMapRunResults(
  s3: S3Client,
  bucket: string,
  keys: readonly string[],
): AsyncGenerator<Result> {
  for (const key of keys) yield* readResults(s3, bucket, key);
}

async function* readResults(s3: S3Client, bucket: string, key: string): AsyncGenerator<Result> {
  const manifest = await readManifest(s3, bucket, key);
  for (const { Key } of manifest?.ResultFiles.SUCCEEDED ?? []) {
    for await (const text of readObjectLines(s3, bucket, Key)) yield JSON.parse(text) as Result;
  }
  for (const { Key } of manifest?.ResultFiles.FAILED ?? []) {
    for await (const text of readObjectLines(s3, bucket, Key)) {
      const { Input, Status, Error: error, Cause } = JSON.parse(text) as FailedChild;
      if (Status === 'ABORTED' || UNFINISHED_ERRORS.includes(error ?? '')) continue;
      const { requestId } = JSON.parse(Input) as { requestId: string };
      yield { requestId, error: error ?? (Status === 'TIMED_OUT' ? 'States.Timeout' : Status), cause: Cause ?? null };
    }
  }
}

async function readManifest(s3: S3Client, Bucket: string, Key: string): Promise<Manifest | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return JSON.parse((await Body?.transformToString()) ?? '') as Manifest;
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

async function* readObjectLines(s3: S3Client, Bucket: string, Key: string): AsyncGenerator<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  for await (const line of readLines(Body as unknown as AsyncIterable<Uint8Array>)) {
    if ('problem' in line) throw new Error(`s3://${Bucket}/${Key}, line ${line.number}: ${line.problem}`);
    yield line.text;
  }
}
