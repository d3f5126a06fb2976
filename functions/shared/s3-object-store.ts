import { Readable } from 'node:stream';
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { type CallError, isConnectionFailure, wordCallFailure } from './connection-failure.ts';
import { S3RefusedError, S3UnavailableError } from './errors.ts';
import type { ObjectStore } from './object-store.ts';
import { type S3Location, toS3Uri } from './s3-location.ts';

/** S3 by its SDK, which never retries: the state machine's Retry alone decides. */
export function createS3ObjectStore(config: S3ClientConfig, timeoutMs: number): ObjectStore {
  const client = new S3Client({ ...config, maxAttempts: 1 });
  /** The time of a request ends with it, its body included. */
  const options = () => ({ abortSignal: AbortSignal.timeout(timeoutMs) });
  return {
    size: (location) =>
      explain(client, location, 'read', async () => {
        const { ContentLength = 0 } = await client.send(new HeadObjectCommand(targetOf(location)), options());
        return ContentLength;
      }),
    get: (location, mostBytes) =>
      explain(client, location, 'read', async () => {
        const { ContentLength: size = 0, Body } = await client.send(
          new GetObjectCommand(targetOf(location)),
          options(),
        );
        if (size <= mostBytes) return { size, content: await Body?.transformToByteArray() };
        if (Body instanceof Readable) Body.destroy();
        return { size, content: undefined };
      }),
    put: async (location, text) => {
      const object = { ...targetOf(location), Body: text, ContentType: 'text/plain; charset=utf-8' };
      await explain(client, location, 'stored', () => client.send(new PutObjectCommand(object), options()));
    },
  };
}

function targetOf({ bucket, key }: S3Location) {
  return { Bucket: bucket, Key: key };
}

/** How S3 calls an absence; the answer to HEAD has no body, and so says its status only. */
const MISSING = ['NoSuchKey', 'NotFound'];

/** Answers below 500 that may be another one soon (Amazon S3 API Reference, "List of error codes"). */
const TRANSIENT = ['OperationAborted', 'RequestTimeout', 'SlowDown', 'TooManyRequests'];

interface S3CallError extends CallError {
  $response?: { headers?: Readonly<Record<string, string>> };
}

/** Why a call failed, as far as S3 says it: the answer to HEAD has no body, and so no code, but the bucket's Region. */
function wordReason(error: S3CallError, region: string): string {
  const status = error.$metadata?.httpStatusCode;
  const bucketRegion = error.$response?.headers?.['x-amz-bucket-region'];
  if (status && bucketRegion && bucketRegion !== region)
    return `HTTP ${status}: the bucket is in ${bucketRegion}, allowed is one in ${region}`;
  if (status === 403 && error.name === 'Unknown') return 'HTTP 403: no access to the object, or to its bucket';
  return wordCallFailure(error);
}

/** Undefined for an object that is missing. */
async function explain<Result>(
  client: S3Client,
  location: S3Location,
  what: 'read' | 'stored',
  send: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await send();
  } catch (thrown) {
    const error = thrown as S3CallError;
    if (MISSING.includes(error.name)) return undefined;
    const status = error.$metadata?.httpStatusCode ?? 0;
    const message = `${toS3Uri(location)} cannot be ${what} (${wordReason(error, await client.config.region())})`;
    if (status >= 300 && status < 500 && !TRANSIENT.includes(error.name))
      throw new S3RefusedError(message, { cause: error });
    // The end of a request's time is an AbortError.
    const isTransient = status > 0 || error.name === 'AbortError' || isConnectionFailure(error);
    throw isTransient ? new S3UnavailableError(message, { cause: error }) : error;
  }
}
