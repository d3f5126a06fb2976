import {
  type Environment,
  type ModelFeatures,
  type RequestDefaults,
  readModelFeatures,
  readRequestDefaults,
} from './model-settings.ts';
import { DEFAULT_MODEL_IDS, findModel, MODELS } from './models.ts';
import { parseS3Uri, toS3Uri } from './s3-location.ts';

/** What a deployment decides for its functions. */
export interface Settings {
  /** The chain of models deployed, first choice first. */
  modelIds: readonly string[];
  /** Whether prompts and answers may be logged. */
  logContent: boolean;
  features: ModelFeatures;
  defaults: RequestDefaults;
  /** Where prompts of promptUri may lie: `s3://bucket/`, and whatever keys shall begin with. */
  promptLocations: readonly string[];
}

/**
 * Reads `MODEL_IDS` (comma separated, default the table's chain), `LOG_CONTENT` (`true` or `false`, default true),
 * `PROMPT_LOCATIONS` (comma separated, default none), and what model-settings.ts reads. Throws a RangeError that names the
 * variable, what was found and what is allowed.
 */
export function readSettings(env: Environment): Settings {
  const modelIds = readModelIds(env['MODEL_IDS']);
  return {
    modelIds,
    logContent: readLogContent(env['LOG_CONTENT']),
    features: readModelFeatures(env),
    defaults: readRequestDefaults(env, modelIds),
    promptLocations: readPromptLocations(env['PROMPT_LOCATIONS']),
  };
}

/** Reads `PAYLOAD_BUCKET`, where answers go that fit no payload. Throws a RangeError where it is missing. */
export function readPayloadBucket(env: Environment): string {
  const bucket = env['PAYLOAD_BUCKET']?.trim();
  if (bucket) return bucket;
  throw new RangeError('PAYLOAD_BUCKET: found nothing, allowed is the name of a bucket');
}

function readModelIds(text = ''): readonly string[] {
  if (text.trim() === '') return DEFAULT_MODEL_IDS;
  const modelIds = readList(text);
  const repeated = modelIds.find((modelId, index) => modelIds.indexOf(modelId) < index);
  if (repeated !== undefined) throw new RangeError(`MODEL_IDS: found ${repeated} again, allowed is each model id once`);
  const unknown = modelIds.length > 0 ? modelIds.find((modelId) => !findModel(modelId)) : text;
  if (unknown === undefined) return modelIds;
  const alive = MODELS.filter(({ lifecycle }) => lifecycle.endOfLife === undefined);
  const known = alive.map((model) => `${model.id} (${model.profiles.map((profile) => `${profile}.`).join(' ')})`);
  throw new RangeError(
    `MODEL_IDS: found "${unknown}", allowed is one of these with one of its profiles before it: ${known.join(', ')}`,
  );
}

function readPromptLocations(text = ''): readonly string[] {
  return readList(text).map((uri) => {
    const location = parseS3Uri(uri);
    if (location) return toS3Uri(location);
    throw new RangeError(`PROMPT_LOCATIONS: found "${uri}", allowed is s3://BUCKET or s3://BUCKET/PREFIX`);
  });
}

function readList(text: string): string[] {
  return text.split(',').flatMap((part) => part.trim() || []);
}

/** Reads the value of `LOG_CONTENT`. Throws a RangeError that says what was found and what is allowed. */
export function readLogContent(text = ''): boolean {
  // A misspelled false must not put prompts into the log.
  const value = text.trim().toLowerCase();
  if (value === '' || value === 'true') return true;
  if (value === 'false') return false;
  throw new RangeError(`LOG_CONTENT: found "${text}", allowed is true or false`);
}

/** How long the HTTP client waits, in ms, where `MODEL_TIMEOUT_SECONDS` says it. */
export function readRequestTimeouts(env: Environment): { requestTimeout?: number; socketTimeout?: number } {
  const text = env['MODEL_TIMEOUT_SECONDS'];
  if (!text) return {};
  const requestTimeout = Number(text) * 1_000;
  if (!(requestTimeout > 0))
    throw new RangeError(`MODEL_TIMEOUT_SECONDS: found "${text}", allowed is a number above 0`);
  return { requestTimeout, socketTimeout: requestTimeout };
}
