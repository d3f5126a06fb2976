import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { PipelineInput, PipelineOutput } from '../functions/shared/contract.ts';
import type { ObjectStore } from '../functions/shared/object-store.ts';
import { MOST_REQUEST_BYTES } from '../functions/shared/payload-limits.ts';
import { MOST_PROMPT_BYTES } from '../functions/shared/prompt-object.ts';
import { PROMPTS_PREFIX, parseS3Uri, toS3Uri } from '../functions/shared/s3-location.ts';
import { wrongValue } from './usage-error.ts';

/** The S3 of a target. */
export interface Payloads {
  readonly store: ObjectStore;
  /** Where prompts go that fit no payload; undefined where it is not known. */
  readonly bucket: string | undefined;
}

/** What a request of this command has, but for its prompt. */
export type Request = Omit<PipelineInput, 'prompt' | 'promptUri'>;

/** Milliseconds that a request to S3 may take, from wherever the command runs. */
export const S3_PATIENCE_MS = 60_000;

/** Left for what validate-input fills in. */
const MOST_INPUT_BYTES = MOST_REQUEST_BYTES - 8 * 1024;

/** Reads a file as a prompt, without the line ends behind it. Throws a UsageError. */
export async function readPromptFile(file: string): Promise<string> {
  const refuse = (reason: string) =>
    wrongValue('--prompt-file', `${JSON.stringify(file)} (${reason})`, 'a text file in UTF-8');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file)).replace(/[\r\n]+$/, '');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    throw refuse(code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'no UTF-8' : code);
  }
  if (text.trim() === '') throw refuse(text === '' ? 'empty' : 'only white space');
  return text;
}

/** Throws a UsageError for a prompt that no model takes, or that would have to be uploaded to a bucket not known. */
export function checkSize(prompt: string, request: Request, hasBucket: boolean): void {
  const bytes = Buffer.byteLength(prompt);
  if (bytes > MOST_PROMPT_BYTES) throw wrongValue('prompt', `${bytes} bytes`, `at most ${MOST_PROMPT_BYTES}`);
  if (hasBucket || !isLarge(prompt, request)) return;
  const inputBytes = Buffer.byteLength(JSON.stringify({ prompt, ...request }));
  throw wrongValue(
    'prompt',
    `an input of ${inputBytes} bytes`,
    `at most ${MOST_INPUT_BYTES}, or PAYLOAD_BUCKET, which "npm run deploy" printed, to upload it to`,
  );
}

/** A prompt, or where it lies in S3. */
export type Asked = { readonly prompt: string } | { readonly promptUri: string };

/** An execution's input as JSON. A prompt that fits no payload is uploaded. Throws as the store does. */
export async function toInput(asked: Asked, request: Request, { store, bucket }: Payloads): Promise<string> {
  const fits = 'promptUri' in asked || bucket === undefined || !isLarge(asked.prompt, request);
  if (fits) return JSON.stringify({ ...asked, ...request });
  const location = { bucket, key: `${PROMPTS_PREFIX}${randomUUID()}.txt` };
  await store.put(location, asked.prompt);
  return JSON.stringify({ promptUri: toS3Uri(location), ...request });
}

function isLarge(prompt: string, request: Request): boolean {
  return Buffer.byteLength(JSON.stringify({ prompt, ...request })) > MOST_INPUT_BYTES;
}

/** The whole answer, wherever it lies; undefined where it is no longer there. Throws as the store does. */
export async function readAnswer(
  { response, responseUri }: Partial<PipelineOutput>,
  { store }: Payloads,
): Promise<string | undefined> {
  const location = typeof responseUri === 'string' ? parseS3Uri(responseUri) : undefined;
  if (!location) return response ?? '';
  const object = await store.get(location, Number.POSITIVE_INFINITY);
  return object && new TextDecoder().decode(object.content);
}
