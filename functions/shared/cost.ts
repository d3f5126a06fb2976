/**
 * What an execution costs, as far as it is known while it runs.
 * Prices: AWS's pricing pages of Step Functions and Lambda, us-east-1, November 2026, without free tiers and discounts;
 * some Regions are dearer. Those of the models are in models.ts.
 */

import type { CostEstimate, CostParts, TokenUsage } from './contract.ts';
import type { ModelEntry, ServiceTier } from './models.ts';

/** What Lambda's price depends on. */
export interface LambdaSize {
  memoryMb: number;
  architecture: 'arm64' | 'x86_64';
}

/** How invoke-model is deployed; elsewhere, costs are those that it would have there. */
export const DEPLOYED_SIZE: LambdaSize = { memoryMb: 512, architecture: 'arm64' };

/** "Each retry will be charged as an additional state transition"; the start of an execution is one, too. */
const USD_PER_STATE_TRANSITION = 0.025 / 1_000;

/** "The price is $1.00 per million requests", and $0.06 for a GB-hour: what the first 1,000 of a month cost, later ones less. */
const USD_PER_EXPRESS_REQUEST = 1 / 1_000_000;
const USD_PER_EXPRESS_GB_SECOND = 0.06 / 3_600;

/** "50 MB + state machine definition size + execution data size", "billed in 64-MB chunks": below 64 MB here. */
const EXPRESS_GB = 64 / 1_024;

/** "Rounded up to the nearest 100ms". */
const EXPRESS_STEP_MS = 100;

/** Besides the calls to models: validate-input and one of the two functions that log. Their milliseconds cost nothing worth counting. */
const OTHER_INVOCATIONS = 2;

const USD_PER_LAMBDA_REQUEST = 0.2 / 1_000_000;

const USD_PER_GB_SECOND = { arm64: 0.000_013_333_4, x86_64: 0.000_016_666_7 } as const;

/** Geographic profiles cost about this much more than the global one. */
const GEOGRAPHIC_PRICE_FACTOR = 1.1;

/** The cache's price in input tokens: what is read, and what is written to be kept for 5 minutes. */
const CACHE_READ_FACTOR = 0.1;
const CACHE_WRITE_FACTOR = 1.25;

/** Second-hand: AWS's pricing page fills its numbers in only in a browser. */
const TIER_FACTORS: Readonly<Record<ServiceTier, number>> = { default: 1, priority: 1.75, flex: 0.5 };

/** Adds up the parts of a cost. */
export function sumCost(parts: CostParts): CostEstimate {
  const estimatedCost = {
    modelUsd: round(parts.modelUsd),
    stepFunctionsUsd: round(parts.stepFunctionsUsd),
    lambdaUsd: round(parts.lambdaUsd),
  };
  const { modelUsd, stepFunctionsUsd, lambdaUsd } = estimatedCost;
  return { estimatedCostUsd: round(modelUsd + stepFunctionsUsd + lambdaUsd), estimatedCost };
}

/** What the tokens of one request cost, in US dollars. A guardrail's price is not in it: it depends on its policies. */
export function estimateModelUsd(
  { modelId, model, profile }: ModelEntry,
  usage: Omit<TokenUsage, 'totalTokens'>,
  tier: ServiceTier = 'default',
): number {
  const { inputTokens, outputTokens, cacheReadInputTokens = 0, cacheWriteInputTokens = 0 } = usage;
  const promptTokens = inputTokens + cacheReadInputTokens + cacheWriteInputTokens;
  const price = model.prices.find(({ upToInputTokens }) => promptTokens <= upToInputTokens);
  if (!price) throw new RangeError(`${modelId} has no price for ${promptTokens} input tokens`);
  const billedInput =
    inputTokens + cacheReadInputTokens * CACHE_READ_FACTOR + cacheWriteInputTokens * CACHE_WRITE_FACTOR;
  const factor = (profile === 'global' ? 1 : GEOGRAPHIC_PRICE_FACTOR) * TIER_FACTORS[tier];
  return ((billedInput * price.input + outputTokens * price.output) / 1_000_000) * factor;
}

/** What so many state transitions of a Standard workflow cost, in US dollars. */
export function estimateStepFunctionsUsd(stateTransitions: number): number {
  return stateTransitions * USD_PER_STATE_TRANSITION;
}

/** What an execution of an Express workflow costs that takes so many milliseconds, in US dollars. */
export function estimateExpressUsd(ms: number): number {
  const seconds = (Math.ceil(ms / EXPRESS_STEP_MS) * EXPRESS_STEP_MS) / 1_000;
  return USD_PER_EXPRESS_REQUEST + seconds * EXPRESS_GB * USD_PER_EXPRESS_GB_SECOND;
}

/**
 * What the invocations of an execution with so many calls to models cost in US dollars, when the one that answered took
 * `ms` milliseconds in a function of this size.
 */
export function estimateLambdaUsd(attempts: number, ms = 0, { memoryMb, architecture } = DEPLOYED_SIZE): number {
  // Lambda bills whole milliseconds.
  const gbSeconds = (Math.ceil(ms) / 1_000) * (memoryMb / 1_024);
  return (attempts + OTHER_INVOCATIONS) * USD_PER_LAMBDA_REQUEST + gbSeconds * USD_PER_GB_SECOND[architecture];
}

/** To a billionth of a dollar: below what a single token costs, above the noise of binary fractions. */
function round(dollars: number): number {
  return Math.round(dollars * 1e9) / 1e9;
}
