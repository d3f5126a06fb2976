import { estimateLambdaUsd, estimateModelUsd, estimateStepFunctionsUsd } from '../../functions/shared/cost.ts';
import { findModel } from '../../functions/shared/models.ts';
import { DEFAULT_MAX_TOKENS } from '../../functions/validate-input/validate-input.ts';
import { assumedLatency } from '../simulation/workload.ts';
import type { Staged } from './staging.ts';

export interface PlanOptions {
  /** Of the account and the first model: requests and tokens per minute; undefined where not given. */
  readonly rpm: number | undefined;
  readonly tpm: number | undefined;
  /** Given instead of chosen. */
  readonly concurrency: number | undefined;
  /** Of an answer, as expected. */
  readonly outputTokens: number;
  /** maxTokens of a prompt that names none; undefined for the pipeline's own. */
  readonly maxTokens: number | undefined;
  readonly modelId: string;
  /** Seconds that one prompt takes; undefined for an estimate by its answer. */
  readonly secondsEach?: number;
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

/** The default quota of concurrent executions of Lambda functions in an account and Region (Lambda quotas). */
export const MOST_CONCURRENCY = 1_000;

/** Without quotas to go by. */
const CAUTIOUS_CONCURRENCY = 10;

/** The start, ValidateInput, InvokeModel, LogResponse, PipelineSucceeded: of a prompt that is answered at once. */
const STATE_TRANSITIONS = 5;

/** What a batch will need, before it costs anything. */
export function planBatch(staged: Staged, options: PlanOptions): Plan {
  const { prompts, promptBytes, maxTokens, withoutMaxTokens } = staged;
  const each = (sum: number): number => (prompts === 0 ? 0 : sum / prompts);
  const input = Math.ceil(each(promptBytes) / BYTES_A_TOKEN) + TOKENS_A_REQUEST;
  const reserved = each(maxTokens + withoutMaxTokens * (options.maxTokens ?? DEFAULT_MAX_TOKENS));
  const output = Math.min(options.outputTokens, Math.ceil(reserved));
  const secondsEach = options.secondsEach ?? assumedLatency(output).p50;
  const rate = promptsPerMinute(options, { input, output, reserved, secondsEach });
  const concurrency = options.concurrency ?? chooseConcurrency(rate, secondsEach);
  const fastest = Math.min(rate, (concurrency * 60) / secondsEach);
  const entry = findModel(options.modelId);
  const modelUsd = entry ? estimateModelUsd(entry, { inputTokens: input, outputTokens: output }) : 0;
  const usdEach = modelUsd + estimateStepFunctionsUsd(STATE_TRANSITIONS) + estimateLambdaUsd(1, secondsEach * 1_000);
  return {
    prompts,
    inputTokens: prompts * input,
    outputTokens: prompts * output,
    usd: prompts * usdEach,
    concurrency,
    seconds: Math.ceil((prompts / fastest) * 60),
  };
}

/**
 * What the quotas allow. Bedrock takes input and maxTokens from the tokens per minute when a request begins, and gives
 * back what was not used when it ends (Amazon Bedrock user guide, "How tokens are counted in Amazon Bedrock").
 */
function promptsPerMinute(
  { rpm = Number.POSITIVE_INFINITY, tpm = Number.POSITIVE_INFINITY }: PlanOptions,
  { input, output, reserved, secondsEach }: { input: number; output: number; reserved: number; secondsEach: number },
): number {
  const unused = Math.max(0, reserved - output) * (secondsEach / 60);
  return Math.min(rpm, tpm / (input + output + unused));
}

function chooseConcurrency(rate: number, secondsEach: number): number {
  if (!Number.isFinite(rate)) return CAUTIOUS_CONCURRENCY;
  return Math.max(1, Math.min(MOST_CONCURRENCY, Math.floor((rate * secondsEach) / 60)));
}
