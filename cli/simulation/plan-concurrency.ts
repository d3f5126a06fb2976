import { meanSeconds } from './chance.ts';
import { simulate } from './simulate.ts';
import { type Outcome, reservedTokens, type Workload } from './workload.ts';

export interface ConcurrencyPlan {
  /** What to run with. */
  readonly recommended: Outcome;
  /** One of each concurrency that was looked at, in rising order. */
  readonly outcomes: readonly Outcome[];
  /** Answers a minute that the quotas of the first model allow, when no call fails; Infinity without quotas. */
  readonly mostPerMinute: number;
}

export interface PlanOptions {
  /** Which to look at; by default some around the one that would use up the quota. */
  readonly concurrencies?: readonly number[] | undefined;
  /** Whether all prompts are simulated at each, up to a million, and not just as many as show the difference. */
  readonly isThorough?: boolean;
  /** Told of each outcome as it comes. */
  readonly onOutcome?: (outcome: Outcome) => void;
}

/** The default quota of concurrent executions of Lambda functions in an account and Region (Lambda quotas). */
export const MOST_CONCURRENCY = 1_000;

/** Around the concurrency that would use up the quota, if every call took the mean time. */
const FACTORS = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 1, 1.05, 1.1, 1.25, 1.5, 2, 4];

/** A concurrency is as good as a higher one when it answers this share of what that answers in a minute. */
const AS_GOOD = 0.98;

/**
 * How much worse than at the best concurrency retries may do: the share of the prompts that fail or are answered by a
 * further model, and the attempts for each prompt.
 */
const TOLERATED = { share: 0.01, attempts: 0.05 } as const;

/** Prompts enough to see past the first minute, which has a full quota to begin with, and few enough for a second. */
const SAMPLE = { minutes: 20, least: 20_000, most: 200_000 } as const;

/** More prompts than these take as long, and cost as much, in proportion. */
const MOST_SIMULATED = 1_000_000;

/**
 * Finds how many prompts to run at a time: the fewest that get nearly as much answered in a minute as any number does
 * that does not wear the retries out. Throws a RangeError for a quota that no single request fits into.
 */
export function planConcurrency(workload: Workload, options: PlanOptions = {}): ConcurrencyPlan {
  requireRoom(workload);
  const { concurrencies, isThorough = false, onOutcome } = options;
  const mostPerMinute = allowedPerMinute(workload);
  const all = Math.min(workload.prompts, MOST_SIMULATED);
  const sample = isThorough ? all : Math.min(all, sampleOf(mostPerMinute));
  const simulateSome = (concurrency: number, prompts: number): Outcome =>
    scale(simulate({ ...workload, prompts, concurrency }), workload.prompts);
  const ascending = [...new Set(concurrencies ?? candidates(workload, mostPerMinute))].sort((a, b) => a - b);
  const outcomes = ascending.map((concurrency) => {
    const outcome = simulateSome(concurrency, sample);
    onOutcome?.(outcome);
    return outcome;
  });
  const chosen = choose(outcomes);
  const recommended = sample === all ? chosen : simulateSome(chosen.concurrency, all);
  return { recommended, outcomes, mostPerMinute };
}

/** Throws a RangeError for a quota of tokens that no single request to one of the models fits into. */
export function requireRoom({ quota, models, ...sizes }: Workload): void {
  if (quota.tokens === undefined) return;
  for (const { modelId, model } of models) {
    const reserved = reservedTokens(model, sizes);
    if (quota.tokens >= reserved) continue;
    throw new RangeError(
      `found ${quota.tokens}, allowed is at least ${reserved}: a request to ${modelId} reserves its input and the most tokens of its answer`,
    );
  }
}

function allowedPerMinute({ models, quota, inputTokens, outputTokens }: Workload): number {
  const { requests = Number.POSITIVE_INFINITY, tokens = Number.POSITIVE_INFINITY } = quota;
  const used = inputTokens + outputTokens * (models[0]?.model.outputBurndownRate ?? 1);
  return Math.min(requests, tokens / used);
}

function sampleOf(mostPerMinute: number): number {
  return Math.round(Math.min(SAMPLE.most, Math.max(SAMPLE.least, SAMPLE.minutes * mostPerMinute)));
}

/** By Little's law: what is in the system is what comes in a second times how long it stays. */
function candidates({ latency, overheadMs }: Workload, mostPerMinute: number): number[] {
  const seconds = meanSeconds(latency) + overheadMs / 1_000;
  const full = Math.min(MOST_CONCURRENCY, (mostPerMinute / 60) * seconds);
  return FACTORS.map((factor) => Math.min(MOST_CONCURRENCY, Math.max(1, Math.round(full * factor))));
}

function choose(outcomes: readonly Outcome[]): Outcome {
  const lost = ({ failedShare, fallbackShare }: Outcome): number => failedShare + fallbackShare;
  // What fails for other reasons than throttling fails at every concurrency.
  const leastLost = Math.min(...outcomes.map(lost));
  const leastAttempts = Math.min(...outcomes.map(({ attemptsPerPrompt }) => attemptsPerPrompt));
  const sound = outcomes.filter(
    (outcome) =>
      lost(outcome) <= leastLost + TOLERATED.share && outcome.attemptsPerPrompt <= leastAttempts + TOLERATED.attempts,
  );
  const most = Math.max(...sound.map(({ goodputPerMinute }) => goodputPerMinute));
  const chosen =
    sound.find(({ goodputPerMinute }) => goodputPerMinute >= most * AS_GOOD) ??
    // No concurrency has both few losses and few attempts: losses weigh more.
    outcomes.toSorted((a, b) => lost(a) - lost(b) || b.goodputPerMinute - a.goodputPerMinute)[0];
  if (!chosen) throw new RangeError('found no concurrency, allowed is at least one');
  return chosen;
}

/** As it would be for so many prompts. */
function scale(outcome: Outcome, prompts: number): Outcome {
  if (outcome.prompts === prompts) return outcome;
  const times = prompts / outcome.prompts;
  const whole = (count: number): number => Math.round(count * times);
  const { usd, answeredBy } = outcome;
  return {
    ...outcome,
    prompts,
    answered: prompts - whole(outcome.failed),
    failed: whole(outcome.failed),
    answeredBy: Object.fromEntries(Object.entries(answeredBy).map(([modelId, count]) => [modelId, whole(count)])),
    attempts: whole(outcome.attempts),
    throttled: whole(outcome.throttled),
    seconds: outcome.seconds * times,
    usd: {
      model: usd.model * times,
      stepFunctions: usd.stepFunctions * times,
      lambda: usd.lambda * times,
      total: usd.total * times,
    },
  };
}
