import type { Model, ModelEntry } from '../../functions/shared/models.ts';
import type { QuotaPerMinute } from '../../local/bedrock/quota.ts';
import type { Definition } from '../../statemachine/definition.ts';
import type { Latency } from './chance.ts';

/** Prompts that are alike, and what is known or assumed of the models that they go to. */
export interface Workload {
  readonly prompts: number;
  /** Of one prompt, in the mean. */
  readonly inputTokens: number;
  /** Of one answer, in the mean. */
  readonly outputTokens: number;
  /** What a request reserves for its answer. */
  readonly maxTokens: number;
  /** The chain, first choice first. */
  readonly models: readonly ModelEntry[];
  /** Each model of the chain has a quota of its own, and this is that of each. */
  readonly quota: QuotaPerMinute;
  /** Seconds that calls take. */
  readonly latency: Latency;
  /** Share of the calls that fail for the moment, 0 to 1. */
  readonly errorRate: number;
  /** Share of the calls that get no answer until the request times out, 0 to 1. */
  readonly timeoutRate: number;
  /** What a prompt takes besides its calls: the other states and functions. */
  readonly overheadMs: number;
  /** A whole number. */
  readonly seed: number;
  /** The state machine, with its retries as deployed. */
  readonly definition: Definition;
}

export interface Simulation extends Workload {
  /** Prompts at a time. */
  readonly concurrency: number;
}

export interface Outcome {
  readonly concurrency: number;
  readonly prompts: number;
  readonly answered: number;
  readonly failed: number;
  /** Answered by each model of the chain. */
  readonly answeredBy: Readonly<Record<string, number>>;
  /** Calls to models, throttled ones too. */
  readonly attempts: number;
  readonly throttled: number;
  /** From the first prompt to the last end. */
  readonly seconds: number;
  /** Prompts answered in a minute. */
  readonly goodputPerMinute: number;
  readonly attemptsPerPrompt: number;
  /** 0 to 1. */
  readonly failedShare: number;
  /** 0 to 1: answered by another model than the first. */
  readonly fallbackShare: number;
  /** US dollars. Of failed calls no tokens are counted. */
  readonly usd: {
    readonly model: number;
    readonly stepFunctions: number;
    readonly lambda: number;
    readonly total: number;
  };
}

/** Until the first token, and tokens a second after it: about what Haiku models take. Assumed; measure yours. */
const FIRST_TOKEN_SECONDS = 1;
const TOKENS_A_SECOND = 100;

/** The slowest call of a hundred, compared with the middle one. Assumed. */
const P99_FACTOR = 3;

/** The latency of answers of so many tokens, where none is measured. */
export function assumedLatency(outputTokens: number): Latency {
  const p50 = FIRST_TOKEN_SECONDS + outputTokens / TOKENS_A_SECOND;
  return { p50, p99: p50 * P99_FACTOR };
}

/** What is assumed where nothing else is known. */
export const ASSUMED = {
  inputTokens: 500,
  outputTokens: 300,
  errorRate: 0.001,
  timeoutRate: 0,
  overheadMs: 200,
  seed: 1,
} as const;

/** What a request takes from the tokens per minute when it begins; maxTokens is lowered as invoke-model does it. */
export function reservedTokens(
  { maxOutputTokens }: Model,
  { inputTokens, maxTokens }: Pick<Workload, 'inputTokens' | 'maxTokens'>,
): number {
  return inputTokens + Math.min(maxTokens, maxOutputTokens);
}
