import * as z from 'zod/mini';
import { LONE_SURROGATE } from '../shared/lone-surrogate.ts';
import { parseS3Uri } from '../shared/s3-location.ts';
import { type Deployment, maxTokensBreaches, modelBreaches } from './chain.ts';
import { type Breach, quote } from './problems.ts';

const MOST_MODELS = 10;

/** Array Members of InferenceConfiguration's stopSequences (Amazon Bedrock API Reference, InferenceConfiguration). */
const MOST_STOP_SEQUENCES = 2_500;

/** The constraints of requestMetadata in Bedrock's service model, bedrock-runtime 2023-09-30. */
export const MOST_METADATA = 16;
export const METADATA_NAME = /^[a-zA-Z0-9\s:_@$#=/+,.-]{1,256}$/;
const METADATA_VALUE = /^[a-zA-Z0-9\s:_@$#=/+,.-]{0,256}$/;
const METADATA_CHARACTERS = 'characters out of letters, digits, white space and :_@$#=/+,.-';

/** Where the prompts of a deployment may lie. */
export interface PromptPlaces {
  /** What an URI may begin with: `s3://bucket/`, and a prefix of keys. */
  promptLocations: readonly string[];
}

/** Safe in logs, in file names and in a shell. */
const REQUEST_ID = /^[A-Za-z0-9._:-]{1,80}$/;

const ANY_TEXT = 'text';

/**
 * The schema of an execution's input. Each message says only what is allowed; `wordProblems` adds where and what was
 * found.
 */
export function createInputSchema(deployment: Deployment & PromptPlaces) {
  const fields = {
    prompt: z.optional(text(ANY_TEXT)),
    promptUri: z.optional(promptUri(deployment)),
    requestId: z.optional(matching(REQUEST_ID, '1 to 80 characters out of letters, digits and ._:-')),
    system: z.optional(text(ANY_TEXT)),
    messages: z.optional(turns()),
    modelIds: z.optional(modelIds(deployment)),
    inferenceConfig: z.optional(inferenceConfig()),
    metadata: z.optional(metadata()),
  };
  return object(fields, 'a JSON object such as {"prompt": "Tell me a joke"}').check(
    whenever(isObject, (input) => [...promptBreaches(input), ...maxTokensBreaches(input, deployment)]),
  );
}

/** The prompt comes in one way. */
function promptBreaches({ prompt, promptUri }: Record<string, unknown>): Breach[] {
  const found = [prompt, promptUri].filter((value) => value !== undefined).length;
  if (found === 0) return [{ path: ['prompt'], message: `${ANY_TEXT}, or promptUri in its place` }];
  if (found === 1) return [];
  return [{ path: ['promptUri'], message: 'prompt or promptUri, not both', params: { found: 'one beside a prompt' } }];
}

function promptUri({ promptLocations }: PromptPlaces) {
  const places = promptLocations.length > 0 ? promptLocations.join(' or ') : 'none, as this deployment names no bucket';
  const allowed = `the s3://BUCKET/KEY of an object, its beginning one of ${places}`;
  const isObject = (value: string): boolean => (parseS3Uri(value)?.key ?? '') !== '';
  const isThere = (value: string): boolean => promptLocations.some((place) => value.startsWith(place));
  return matching(/^s3:\/\//, allowed).check(z.refine((value) => isObject(value) && isThere(value), allowed));
}

function turns() {
  const fields = {
    role: z.enum(['user', 'assistant'], 'user or assistant'),
    content: text(ANY_TEXT),
  };
  return z
    .array(object(fields, 'an object of role and content'), 'a list of turns')
    .check(whenever(Array.isArray, turnBreaches));
}

/** Claude takes turns that alternate, the user's first; the prompt follows as a user turn. */
function turnBreaches(turns: readonly unknown[]): Breach[] {
  const breaches = turns.flatMap((turn, index): Breach[] => {
    const [expected, other] = index % 2 === 0 ? ['user', 'assistant'] : ['assistant', 'user'];
    if (!isObject(turn) || turn['role'] !== other) return [];
    const message = `${expected}, as turns alternate and the first is the user's`;
    return [{ path: [index, 'role'], message, params: { found: other } }];
  });
  const last = turns.at(-1);
  if (breaches.length > 0 || !isObject(last) || last['role'] !== 'user') return breaches;
  const message = "the assistant's, as the prompt follows as the user's turn";
  return [{ path: [], message, params: { found: "a user's turn at the end" } }];
}

function modelIds(deployment: Deployment) {
  const allowed = `a list of 1 to ${MOST_MODELS} model ids out of ${deployment.deployedModelIds.join(', ')}`;
  return z.array(z.string(deployment.deployedModelIds.join(' or ')), allowed).check(
    z.minLength(1, allowed),
    z.maxLength(MOST_MODELS, allowed),
    whenever(Array.isArray, (list) => modelBreaches(list, deployment)),
  );
}

function inferenceConfig() {
  const tokens = 'a whole number of at least 1';
  const sequences = `a list of at most ${MOST_STOP_SEQUENCES} texts`;
  const fields = {
    maxTokens: z.optional(z.int(tokens).check(z.gte(1, tokens))),
    temperature: z.optional(fraction()),
    topP: z.optional(fraction()),
    stopSequences: z.optional(
      z.array(text('text that is not only white space'), sequences).check(z.maxLength(MOST_STOP_SEQUENCES, sequences)),
    ),
  };
  return object(fields, `an object of ${Object.keys(fields).join(', ')}`);
}

function metadata() {
  const allowed = `an object of at most ${MOST_METADATA} texts`;
  const value = matching(METADATA_VALUE, `at most 256 ${METADATA_CHARACTERS}`);
  const pairs = z.record(z.string(), value, allowed).check(
    z.refine((pairs) => Object.keys(pairs).length <= MOST_METADATA, allowed),
    whenever(isObject, (pairs) => nameBreaches(pairs, (name) => METADATA_NAME.test(name))),
  );
  // A record is a copy without __proto__, which would be lost unseen.
  const whole = z.unknown().check(whenever(isObject, (pairs) => nameBreaches(pairs, (name) => name !== '__proto__')));
  return z.pipe(whole, pairs);
}

function nameBreaches(pairs: Record<string, unknown>, isAllowed: (name: string) => boolean): Breach[] {
  const names = Object.keys(pairs).filter((name) => !isAllowed(name));
  const message = `a name of 1 to 256 ${METADATA_CHARACTERS}, and not __proto__`;
  return names.map((name) => ({ path: [name], message, params: { found: `the name ${quote(name)}` } }));
}

function text(allowed: string) {
  return matching(/\S/, allowed).check(z.refine((value) => !LONE_SURROGATE.test(value), allowed));
}

function matching(pattern: RegExp, allowed: string) {
  return z.string(allowed).check(z.regex(pattern, allowed));
}

function fraction() {
  const allowed = 'a number from 0 to 1';
  return z.number(allowed).check(z.gte(0, allowed), z.lte(1, allowed));
}

/** A strict object: for an unknown field, what is allowed is the list of fields. */
function object<Fields extends z.core.$ZodShape>(fields: Fields, allowed: string) {
  const names = `one of ${Object.keys(fields).join(', ')}`;
  return z.strictObject(fields, { error: ({ code }) => (code === 'unrecognized_keys' ? names : allowed) });
}

/** A check that also runs where a nested value is wrong, so that every problem shows at once. */
function whenever<Value>(isKind: (value: unknown) => value is Value, check: (value: Value) => Breach[]) {
  const report = ({ path, message, params }: Breach, input: unknown): z.core.$ZodRawIssue => ({
    code: 'custom',
    path: [...path],
    message,
    params: { ...params },
    input,
  });
  return z.check<unknown>(
    ({ value, issues }) => {
      if (isKind(value)) issues.push(...check(value).map((breach) => report(breach, value)));
    },
    { when: () => true },
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
