/**
 * The one table of models: what each accepts, costs and allows, and when it ends.
 * Sources: the Amazon Bedrock user guide (model cards, inference profiles, model lifecycle, how tokens are counted) and
 * its pricing page, read in November 2026.
 */

/** Prefix of an inference profile id: `us.` in `us.anthropic.claude-haiku-5-5`. */
export type ProfilePrefix = 'us' | 'eu' | 'jp' | 'au' | 'global';

/** How fast Bedrock answers, and at which price (Amazon Bedrock user guide, "Service tiers"). */
export const SERVICE_TIERS = ['default', 'priority', 'flex'] as const;

export type ServiceTier = (typeof SERVICE_TIERS)[number];

export interface TokenPrice {
  /** The price holds for requests of up to this many input tokens; the whole request is billed at one price. */
  readonly upToInputTokens: number;
  /** US dollars per million tokens, under the global profile. */
  readonly input: number;
  readonly output: number;
}

export interface Lifecycle {
  /** First day of the end of life (UTC date): Bedrock answers 404 from then on. */
  readonly endOfLife?: string;
  /** AWS promises service at least until this day; from then on the end may be announced any day. */
  readonly endOfLifeNoSoonerThan?: string;
  /** The model to use instead. */
  readonly replacement?: string;
}

export interface Model {
  /** Foundation model id, without a profile prefix. */
  readonly id: string;
  readonly name: string;
  readonly profiles: readonly ProfilePrefix[];
  /** Whether the bare foundation model id can be invoked, without an inference profile. */
  readonly onDemand: boolean;
  /** Sampling parameters: `one` takes temperature or topP but answers 400 to both, `none` takes neither. */
  readonly sampling: 'both' | 'one' | 'none';
  /** Whether the model thinks unless it is told not to. */
  readonly thinksByDefault: boolean;
  readonly contextTokens: number;
  readonly maxOutputTokens: number;
  /** The shortest beginning of a request that a cache point caches, in tokens. */
  readonly cacheMinimumTokens: number;
  /** How many tokens of the quotas per minute and per day one token of output uses up. */
  readonly outputBurndownRate: number;
  readonly serviceTiers: readonly ServiceTier[];
  /** In rising order of upToInputTokens; the last one has Infinity. */
  readonly prices: readonly TokenPrice[];
  readonly lifecycle: Lifecycle;
}

export const MODELS: readonly Model[] = [
  {
    id: 'anthropic.claude-haiku-5-5',
    name: 'Claude Haiku 5.5',
    profiles: ['us', 'eu', 'jp', 'au', 'global'],
    onDemand: false,
    sampling: 'none',
    thinksByDefault: true,
    contextTokens: 1_000_000,
    maxOutputTokens: 128_000,
    cacheMinimumTokens: 512,
    // No source names this model's: that of the Claude models before it.
    outputBurndownRate: 5,
    serviceTiers: ['default'],
    prices: [
      { upToInputTokens: 100_000, input: 0.1, output: 0.5 },
      { upToInputTokens: Number.POSITIVE_INFINITY, input: 0.5, output: 2.5 },
    ],
    lifecycle: { endOfLifeNoSoonerThan: '2027-10-07' },
  },
  {
    id: 'anthropic.claude-haiku-4-5-20251001-v1:0',
    name: 'Claude Haiku 4.5',
    profiles: ['us', 'eu', 'jp', 'au', 'global'],
    onDemand: false,
    sampling: 'one',
    thinksByDefault: false,
    contextTokens: 200_000,
    maxOutputTokens: 64_000,
    cacheMinimumTokens: 4_096,
    outputBurndownRate: 5,
    serviceTiers: ['default', 'priority', 'flex'],
    prices: [{ upToInputTokens: Number.POSITIVE_INFINITY, input: 1, output: 5 }],
    lifecycle: { endOfLifeNoSoonerThan: '2026-10-16', replacement: 'global.anthropic.claude-haiku-5-5' },
  },
  {
    id: 'anthropic.claude-3-5-haiku-20241022-v1:0',
    name: 'Claude 3.5 Haiku',
    profiles: ['us'],
    onDemand: true,
    sampling: 'both',
    thinksByDefault: false,
    contextTokens: 200_000,
    maxOutputTokens: 8_192,
    cacheMinimumTokens: 2_048,
    outputBurndownRate: 1,
    serviceTiers: ['default'],
    prices: [{ upToInputTokens: Number.POSITIVE_INFINITY, input: 0.8, output: 4 }],
    lifecycle: { endOfLife: '2026-06-19', replacement: 'global.anthropic.claude-haiku-5-5' },
  },
];

/** The chain of a deployment that names none: the first is asked first, the others in turn when it fails. */
export const DEFAULT_MODEL_IDS: readonly string[] = [
  'global.anthropic.claude-haiku-5-5',
  'global.anthropic.claude-haiku-4-5-20251001-v1:0',
];

/** A model as Bedrock is asked for it: the foundation model and the inference profile it is reached through. */
export interface ModelEntry {
  readonly modelId: string;
  readonly model: Model;
  /** Undefined for a bare foundation model id. */
  readonly profile: ProfilePrefix | undefined;
}

/** Finds a model id, with or without a profile prefix, in the table; undefined when it is not there. */
export function findModel(modelId: string): ModelEntry | undefined {
  for (const model of MODELS) {
    if (modelId === model.id) return model.onDemand ? { modelId, model, profile: undefined } : undefined;
    for (const profile of model.profiles) {
      if (modelId === `${profile}.${model.id}`) return { modelId, model, profile };
    }
  }
  return undefined;
}

/** The least and the most that the models of a chain can answer with, in tokens; models that are not known do not count. */
export function outputLimits(modelIds: readonly string[]): { least: number; most: number } {
  const limits = modelIds.flatMap((modelId) => findModel(modelId)?.model.maxOutputTokens ?? []);
  return { least: Math.min(...limits), most: Math.max(...limits) };
}

/** Every model id of the table that has not reached its end of life at `now` (ms since the epoch). */
export function aliveModelIds(now: number): string[] {
  return MODELS.filter((model) => !hasEnded(model, now)).flatMap((model) => [
    ...model.profiles.map((profile) => `${profile}.${model.id}`),
    ...(model.onDemand ? [model.id] : []),
  ]);
}

/** Whether Bedrock has stopped serving the model at `now` (ms since the epoch). */
export function hasEnded({ lifecycle }: Model, now: number): boolean {
  return lifecycle.endOfLife !== undefined && now >= Date.parse(lifecycle.endOfLife);
}

/** How long before its end of life a model's answers carry a warning, and an alarm goes off. */
export const END_OF_LIFE_WARNING_DAYS = 90;

/** One sentence when the model is, or may be, near its end of life at `now` (ms since the epoch). */
export function lifecycleWarning({ modelId, model }: ModelEntry, now: number): string | undefined {
  const { endOfLife, endOfLifeNoSoonerThan, replacement } = model.lifecycle;
  const day = endOfLife ?? endOfLifeNoSoonerThan;
  if (day === undefined || now < Date.parse(day) - END_OF_LIFE_WARNING_DAYS * 86_400_000) return undefined;
  const instead = replacement ? `; use ${replacement} instead` : '';
  if (endOfLife !== undefined) return `${modelId} reaches its end of life on ${endOfLife}${instead}`;
  return `${modelId} may reach its end of life any day from ${endOfLifeNoSoonerThan} on${instead}`;
}
