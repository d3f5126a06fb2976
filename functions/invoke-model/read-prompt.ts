import type { PipelineRequest } from '../shared/contract.ts';
import { InvalidInputError } from '../shared/errors.ts';
import type { ObjectStore } from '../shared/object-store.ts';
import { MOST_PROMPT_BYTES, promptObjectProblem, wordPromptProblem } from '../shared/prompt-object.ts';
import { parseS3Uri } from '../shared/s3-location.ts';

/**
 * The prompt of a request: its own, or the text of the object that its promptUri names. Throws InvalidInputError for an
 * object that is no prompt, also where it was one when validate-input looked, and what the store throws.
 */
export async function readPrompt({ prompt, promptUri = '' }: PipelineRequest, store: ObjectStore): Promise<string> {
  if (prompt !== undefined) return prompt;
  const location = parseS3Uri(promptUri);
  if (!location) throw new InvalidInputError([wordPromptProblem(promptUri, 'no S3 URI', 's3://BUCKET/KEY')]);
  const object = await store.get(location, MOST_PROMPT_BYTES);
  const problem = promptObjectProblem(promptUri, object?.size);
  if (problem !== undefined) throw new InvalidInputError([problem]);
  const text = decode(object?.content);
  if (text !== undefined && text.trim() !== '') return text;
  const found = text === undefined ? 'bytes that are no UTF-8' : 'only white space';
  throw new InvalidInputError([wordPromptProblem(promptUri, found, 'text in UTF-8')]);
}

/** Without a byte order mark, which is none of the text. Undefined for what is no UTF-8. */
function decode(content: Uint8Array | undefined): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return undefined;
  }
}
