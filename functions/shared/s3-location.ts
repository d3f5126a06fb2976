/** An object of S3, or all of those whose keys begin alike. */
export interface S3Location {
  readonly bucket: string;
  readonly key: string;
}

/** Amazon S3 User Guide, "General purpose bucket naming rules": the shape of a name; keys are any text. */
const URI = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s;

/** "The object key name is a sequence of Unicode characters with UTF-8 encoding of up to 1,024 bytes long" (S3 User Guide). */
const MOST_KEY_BYTES = 1_024;

/**
 * Reads `s3://bucket/key`; the key of `s3://bucket` and of `s3://bucket/` is empty. Undefined for anything else, among it
 * a key with `.` or `..` between its slashes, which some programs take for another key.
 */
export function parseS3Uri(uri: string): S3Location | undefined {
  const [, bucket, key = ''] = URI.exec(uri) ?? [];
  const isAmbiguous = key.split('/').some((part) => part === '.' || part === '..');
  if (bucket === undefined || isAmbiguous || new TextEncoder().encode(key).length > MOST_KEY_BYTES) return undefined;
  return { bucket, key };
}

/** What the keys begin with in the bucket of the pipeline's own: prompts that the command line puts there, and answers. */
export const PROMPTS_PREFIX = 'prompts/';
export const RESPONSES_PREFIX = 'responses/';

export function toS3Uri({ bucket, key }: S3Location): string {
  return `s3://${bucket}/${key}`;
}
