import type { InvokeModelResult } from '../shared/contract.ts';
import type { ObjectStore } from '../shared/object-store.ts';
import { MOST_RESPONSE_BYTES } from '../shared/payload-limits.ts';
import { RESPONSES_PREFIX, type S3Location, toS3Uri } from '../shared/s3-location.ts';

/**
 * Stores an answer that is too long for a payload, and leaves its first part in it. Stored again, by a retried attempt of
 * the same execution and model, it takes the place of the one before.
 */
export async function fitAnswer(
  result: InvokeModelResult,
  executionId: string,
  { store, payloadBucket }: { store: ObjectStore; payloadBucket: string },
): Promise<InvokeModelResult> {
  const { response, warnings, modelId } = result;
  if (jsonBytes(response) <= MOST_RESPONSE_BYTES) return result;
  const location = answerLocation(payloadBucket, executionId, modelId);
  await store.put(location, response);
  const bytes = Buffer.byteLength(response);
  return {
    ...result,
    response: firstPart(response),
    responseUri: toS3Uri(location),
    warnings: [
      ...warnings,
      `response has the first part of the answer; the whole of its ${bytes} bytes is at responseUri`,
    ],
  };
}

/** The name of an execution has no slash, and with the model behind it is no `..` either: it leads to no other place. */
function answerLocation(bucket: string, executionId: string, modelId: string): S3Location {
  // arn:aws:states:REGION:ACCOUNT:execution:MACHINE:NAME, and for an express execution one more id.
  const name = executionId.split(':').slice(7).join(':').replaceAll('/', '_');
  return { bucket, key: `${RESPONSES_PREFIX}${name}.${modelId}.txt` };
}

/** The longest first part that fits, cut between two code points. */
function firstPart(text: string): string {
  // A code point outside of Unicode's first plane is two units, of which none may stand alone.
  const cut = (end: number): string => text.slice(0, end).replace(/[\uD800-\uDBFF]$/, '');
  let [fits, isTooLong] = [0, text.length];
  while (isTooLong - fits > 1) {
    const middle = Math.floor((fits + isTooLong) / 2);
    if (jsonBytes(cut(middle)) <= MOST_RESPONSE_BYTES) fits = middle;
    else isTooLong = middle;
  }
  return cut(fits);
}

function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}
