import type { InferenceConfig } from './contract.ts';
import { LONE_SURROGATE } from './lone-surrogate.ts';
import { outputLimits, SERVICE_TIERS, type ServiceTier } from './models.ts';

/** A guardrail that checks what models are asked and what they answer. */
export interface Guardrail {
  /** Its id or its ARN. */
  readonly guardrailIdentifier: string;
  /** `DRAFT` or a number. */
  readonly guardrailVersion: string;
  /** Whether an answer that it changed says which policies did so. Default: disabled. */
  readonly trace?: 'enabled' | 'disabled' | undefined;
}

/** What a deployment uses of Bedrock with every call; a request cannot change it. */
export interface ModelFeatures {
  readonly guardrail?: Guardrail | undefined;
  /** Whether the system prompt and the earlier turns are cached, where they are long enough for the model. */
  readonly promptCaching: boolean;
  /** A model that does not offer it is asked without it, with a warning. */
  readonly serviceTier: ServiceTier;
}

/** What a request gets that does not say otherwise. */
export interface RequestDefaults {
  readonly systemPrompt?: string | undefined;
  readonly inferenceConfig: Readonly<Partial<InferenceConfig>>;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Names a variable as the user knows it, in errors. */
export type NameOf = (variable: string) => string;

const GUARDRAIL_IDENTIFIER = /^([a-z0-9]+|arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail\/[a-z0-9]+)$/;
const GUARDRAIL_VERSION = /^([1-9][0-9]{0,7}|DRAFT)$/;

/** Lambda takes 4 KB of environment in all. */
const MOST_SYSTEM_PROMPT_BYTES = 2_560;
const MOST_STOP_SEQUENCES_BYTES = 512;

/**
 * Reads `GUARDRAIL_ID`, `GUARDRAIL_VERSION`, `GUARDRAIL_TRACE`, `PROMPT_CACHING` and `SERVICE_TIER`; an empty variable
 * counts as unset. The patterns are those of Bedrock's GuardrailConfiguration.
 * Throws a RangeError that names the variable, what was found and what is allowed.
 */
export function readModelFeatures(env: Environment, nameOf: NameOf = (name) => name): ModelFeatures {
  const { read, choose } = reader(env, nameOf);
  const anId = 'the id of a guardrail, or its ARN';
  const aVersion = 'DRAFT or a number of at least 1';
  const guardrailIdentifier = read('GUARDRAIL_ID', (text) => GUARDRAIL_IDENTIFIER.test(text), anId);
  const guardrailVersion = read('GUARDRAIL_VERSION', (text) => GUARDRAIL_VERSION.test(text), aVersion);
  const trace = choose('GUARDRAIL_TRACE', ['enabled', 'disabled']);
  const missing = (name: string, allowed: string) =>
    new RangeError(`${nameOf(name)}: found nothing, allowed is ${allowed}`);
  // A guardrail that is half set would be none, and nobody would notice.
  if (!guardrailIdentifier && (guardrailVersion ?? trace)) throw missing('GUARDRAIL_ID', anId);
  if (guardrailIdentifier && !guardrailVersion) throw missing('GUARDRAIL_VERSION', aVersion);
  return {
    ...(guardrailIdentifier &&
      guardrailVersion && { guardrail: { guardrailIdentifier, guardrailVersion, ...(trace && { trace }) } }),
    promptCaching: choose('PROMPT_CACHING', ['true', 'false']) === 'true',
    serviceTier: choose('SERVICE_TIER', SERVICE_TIERS) ?? 'default',
  };
}

/**
 * Reads `SYSTEM_PROMPT`, `MAX_TOKENS`, `TEMPERATURE`, `TOP_P` and `STOP_SEQUENCES`, a JSON list; an empty variable counts
 * as unset. `modelIds` is the chain deployed: `MAX_TOKENS` is at most what one of its models answers with.
 * Throws a RangeError that names the variable, what was found and what is allowed.
 */
export function readRequestDefaults(
  env: Environment,
  modelIds: readonly string[],
  nameOf: NameOf = (name) => name,
): RequestDefaults {
  const { read } = reader(env, nameOf);
  const systemPrompt = read(
    'SYSTEM_PROMPT',
    (text) => byteLength(text) <= MOST_SYSTEM_PROMPT_BYTES && !LONE_SURROGATE.test(text),
    `text of at most ${MOST_SYSTEM_PROMPT_BYTES} bytes`,
    (text) => `text of ${byteLength(text)} bytes${LONE_SURROGATE.test(text) ? ' with a lone surrogate' : ''}`,
  );
  const { most } = outputLimits(modelIds);
  const maxTokens = read(
    'MAX_TOKENS',
    (text) => /^[1-9]\d*$/.test(text) && Number(text) <= most,
    `a whole number from 1 to ${most}, the most that a model of the chain answers with`,
  );
  const fraction = (name: string) =>
    read(name, (text) => /^(\d+|\d*\.\d+)$/.test(text) && Number(text) <= 1, 'a number from 0 to 1');
  const [temperature, topP] = [fraction('TEMPERATURE'), fraction('TOP_P')];
  const stopSequences = read(
    'STOP_SEQUENCES',
    (text) => isListOfTexts(text) && byteLength(text) <= MOST_STOP_SEQUENCES_BYTES,
    `a JSON list of texts in UTF-8 that are not blank, of at most ${MOST_STOP_SEQUENCES_BYTES} bytes`,
  );
  return {
    ...(systemPrompt && { systemPrompt }),
    inferenceConfig: {
      ...(maxTokens && { maxTokens: Number(maxTokens) }),
      ...(temperature && { temperature: Number(temperature) }),
      ...(topP && { topP: Number(topP) }),
      ...(stopSequences && { stopSequences: JSON.parse(stopSequences) as string[] }),
    },
  };
}

/** The variables that `readModelFeatures` reads the same features from. */
export function modelFeatureVariables({ guardrail, promptCaching, serviceTier }: Partial<ModelFeatures>) {
  return present({
    GUARDRAIL_ID: guardrail?.guardrailIdentifier,
    GUARDRAIL_VERSION: guardrail?.guardrailVersion,
    GUARDRAIL_TRACE: guardrail?.trace,
    PROMPT_CACHING: promptCaching || undefined,
    SERVICE_TIER: serviceTier === 'default' ? undefined : serviceTier,
  });
}

/** The variables that `readRequestDefaults` reads the same defaults from. */
export function requestDefaultVariables({ systemPrompt, inferenceConfig = {} }: Partial<RequestDefaults>) {
  const { maxTokens, temperature, topP, stopSequences } = inferenceConfig;
  return present({
    SYSTEM_PROMPT: systemPrompt,
    MAX_TOKENS: maxTokens,
    TEMPERATURE: temperature,
    TOP_P: topP,
    STOP_SEQUENCES: stopSequences && JSON.stringify(stopSequences),
  });
}

function present(values: Readonly<Record<string, unknown>>): Record<string, string> {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

function reader(env: Environment, nameOf: NameOf) {
  const read = (
    name: string,
    isAllowed: (text: string) => boolean,
    allowed: string,
    describe: (text: string) => string = (text) => `"${text}"`,
  ): string | undefined => {
    const text = env[name]?.trim();
    if (!text) return undefined;
    if (isAllowed(text)) return text;
    throw new RangeError(`${nameOf(name)}: found ${describe(text)}, allowed is ${allowed}`);
  };
  const choose = <Choice extends string>(name: string, choices: readonly Choice[]): Choice | undefined =>
    read(name, (text) => choices.some((choice) => choice === text), choices.join(' or ')) as Choice | undefined;
  return { read, choose };
}

function isListOfTexts(json: string): boolean {
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list) && list.every(isStopSequence);
  } catch {
    return false;
  }
}

function isStopSequence(text: unknown): boolean {
  return typeof text === 'string' && text.trim() !== '' && !LONE_SURROGATE.test(text);
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}
