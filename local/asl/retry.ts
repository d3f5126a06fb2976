import { matchesError } from './error-names.ts';

/** An entry of a state's Retry (States Language specification, "Retrying after error"). */
export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  /** Retries, not calls. */
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

const DEFAULT_INTERVAL_SECONDS = 1;
const DEFAULT_MAX_ATTEMPTS = 3;
const DEFAULT_BACKOFF_RATE = 2;

export interface RetryDecision {
  /** Which retrier takes the error. */
  readonly index: number;
  /** Seconds until the next attempt; with jitter the upper bound of them. */
  readonly delaySeconds: number;
  readonly hasJitter: boolean;
}

/**
 * Decides what the Retry of one entry of a state does with its failures. AWS counts the attempts of each retrier alone,
 * and only the first retrier that names the error is asked.
 */
export class RetryCounter {
  readonly #retriers: readonly Retrier[];
  readonly #counts: number[];

  /** `count` is how often each has retried before. */
  constructor(retriers: readonly Retrier[], count = 0) {
    this.#retriers = retriers;
    this.#counts = retriers.map(() => count);
  }

  /** Which retrier names the error; undefined for none. */
  find(error: string | undefined): number | undefined {
    const index = this.#retriers.findIndex(({ ErrorEquals }) => matchesError(ErrorEquals, error));
    return index < 0 ? undefined : index;
  }

  /** How many retries the error would still get, if it came again and again. */
  left(error: string | undefined): number {
    const index = this.find(error) ?? -1;
    const retrier = this.#retriers[index];
    return retrier ? (retrier.MaxAttempts ?? DEFAULT_MAX_ATTEMPTS) - (this.#counts[index] ?? 0) : 0;
  }

  /** The retry that the error gets, or undefined when there is none (left). */
  next(error: string | undefined): RetryDecision | undefined {
    const index = this.find(error) ?? -1;
    const retrier = this.#retriers[index];
    const count = this.#counts[index];
    if (!retrier || count === undefined || this.left(error) <= 0) return undefined;
    this.#counts[index] = count + 1;
    const { IntervalSeconds = DEFAULT_INTERVAL_SECONDS, BackoffRate = DEFAULT_BACKOFF_RATE } = retrier;
    const delaySeconds = Math.min(IntervalSeconds * BackoffRate ** count, retrier.MaxDelaySeconds ?? Infinity);
    return { index, delaySeconds, hasJitter: retrier.JitterStrategy === 'FULL' };
  }
}
