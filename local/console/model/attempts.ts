import { type Retrier, RetryCounter } from '../../asl/retry.ts';
import type { Attempt, Step } from './steps.ts';

/** What the state's Retry made of an attempt. */
export interface AttemptPlan {
  /** How many attempts there could be in all, had they all failed like this one. */
  readonly of: number;
  /** False for a failure that no retrier names. */
  readonly isCovered: boolean;
  /** The retry that a failure gets: seconds as declared, with jitter the most it can be. */
  readonly retry?: { readonly retrier: number; readonly seconds: number; readonly hasJitter: boolean } | undefined;
}

/** Decides about each attempt of a step as Step Functions does: each retrier counts alone, and anew after a redrive. */
export function planAttempts({ attempts }: Step, retriers: readonly Retrier[] = []): AttemptPlan[] {
  let counter = new RetryCounter(retriers);
  let redrive = attempts[0]?.redrive;
  return attempts.map(({ number, outcome, error, redrive: own }) => {
    if (own !== redrive) counter = new RetryCounter(retriers);
    redrive = own;
    if (!isFailed(outcome)) return { of: number, isCovered: true };
    const of = number + counter.left(error);
    const isCovered = counter.find(error) !== undefined;
    const decision = counter.next(error);
    if (!decision) return { of, isCovered };
    const { index, delaySeconds, hasJitter } = decision;
    return { of, isCovered, retry: { retrier: index, seconds: delaySeconds, hasJitter } };
  });
}

export function isFailed(outcome: Attempt['outcome']): boolean {
  return outcome === 'failed' || outcome === 'timedOut';
}
