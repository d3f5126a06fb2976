import { MODELS } from './models.ts';

/** No text in any language takes more on average. */
const MOST_BYTES_PER_TOKEN = 8;

/** The most bytes that the prompt of a promptUri may have: what the largest context of any model could hold. */
export const MOST_PROMPT_BYTES = MOST_BYTES_PER_TOKEN * Math.max(...MODELS.map(({ contextTokens }) => contextTokens));

/** What is wrong with an object of this many bytes as a prompt, in the words of InvalidInputError; undefined for nothing. */
export function promptObjectProblem(promptUri: string, size: number | undefined): string | undefined {
  if (size !== undefined && size > 0 && size <= MOST_PROMPT_BYTES) return undefined;
  const found = size === undefined ? 'no object there' : `an object of ${size} bytes`;
  return wordPromptProblem(promptUri, found, `an object of 1 to ${MOST_PROMPT_BYTES} bytes`);
}

/** One problem of InvalidInputError. */
export function wordPromptProblem(promptUri: string, found: string, allowed: string): string {
  return `promptUri: found ${found} (${promptUri}), allowed is ${allowed}`;
}
