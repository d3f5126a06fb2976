import { estimateExpressUsd } from '../../functions/shared/cost.ts';
import { findModel } from '../../functions/shared/models.ts';
import { DEFAULT_MAX_TOKENS } from '../../functions/validate-input/validate-input.ts';
import type { ChildType } from '../../statemachine/batch.ts';
import { type RetryPolicy, readDefinition, withoutAnnouncements } from '../../statemachine/definition.ts';
import { planConcurrency } from '../simulation/plan-concurrency.ts';
import { ASSUMED, assumedLatency, type Outcome } from '../simulation/workload.ts';
import { UsageError } from '../usage-error.ts';
import type { Staged } from './staging.ts';

export interface PlanOptions extends RetryPolicy {
  /** Of each model: requests and tokens per minute; undefined where not given. */
  readonly rpm: number | undefined;
  readonly tpm: number | undefined;
  /** Given instead of chosen. */
  readonly concurrency: number | undefined;
  /** Seconds that each call takes; undefined for what is assumed of the real service. */
  readonly latency: number | undefined;
  /** Of an answer, as expected. */
  readonly outputTokens: number;
  /** maxTokens of a prompt that names none; undefined for the pipeline's own. */
  readonly maxTokens: number | undefined;
  readonly modelIds: readonly string[];
  /** What the execution of a prompt is. */
  readonly childType: ChildType;
}

export interface Plan {
  readonly prompts: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly usd: number;
  readonly concurrency: number;
  /** From the start to the end. */
  readonly seconds: number;
}

/** Claude's text has about this many bytes a token; Haiku 5.5 makes about 30 % more tokens of it than models before. */
const BYTES_A_TOKEN = 3;

/** What the model's own template adds to a request. */
const TOKENS_A_REQUEST = 10;

/** Without quotas to go by. */
const CAUTIOUS_CONCURRENCY = 10;

/**
 * What a batch of at least one prompt will need, by simulation, before it costs anything. Throws a UsageError for a quota
 * that no request fits into.
 */
export function planBatch(staged: Staged, options: PlanOptions): Plan {
  const { prompts, promptBytes, maxTokens, withoutMaxTokens } = staged;
  const { rpm, tpm, concurrency, latency, modelIds, retries, retryDelaySeconds } = options;
  const inputTokens = Math.ceil(promptBytes / prompts / BYTES_A_TOKEN) + TOKENS_A_REQUEST;
  const reserved = maxTokens + withoutMaxTokens * (options.maxTokens ?? DEFAULT_MAX_TOKENS);
  const most = Math.ceil(reserved / prompts);
  const outputTokens = Math.min(options.outputTokens, most);
  const hasQuota = rpm !== undefined || tpm !== undefined;
  const chosen = concurrency ?? (hasQuota ? undefined : CAUTIOUS_CONCURRENCY);
  const workload = {
    ...ASSUMED,
    prompts,
    inputTokens,
    outputTokens,
    maxTokens: most,
    models: modelIds.flatMap((modelId) => findModel(modelId) ?? []),
    quota: { requests: rpm, tokens: tpm },
    latency: latency === undefined ? assumedLatency(outputTokens) : { p50: latency, p99: latency },
    definition: withoutAnnouncements(readDefinition({ retries, retryDelaySeconds })),
  };
  try {
    const { recommended } = planConcurrency(workload, chosen === undefined ? {} : { concurrencies: [chosen] });
    return {
      prompts,
      inputTokens: prompts * inputTokens,
      outputTokens: prompts * outputTokens,
      usd: options.childType === 'EXPRESS' ? asExpress(recommended) : recommended.usd.total,
      concurrency: recommended.concurrency,
      seconds: Math.ceil(recommended.seconds),
    };
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--tpm: ${error.message}`, { cause: error });
    throw error;
  }
}

/** What prompts cost whose executions are billed by their time, which is what all of them take together. */
function asExpress({ usd, prompts, concurrency, seconds }: Outcome): number {
  const msEach = (Math.min(concurrency, prompts) * seconds * 1_000) / prompts;
  return usd.model + usd.lambda + prompts * estimateExpressUsd(msEach);
}
