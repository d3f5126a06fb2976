import { TokenBucket } from './token-bucket.ts';

/** What an account may do in a minute with one model under one profile; undefined for no limit. */
export interface QuotaPerMinute {
  readonly requests?: number | undefined;
  readonly tokens?: number | undefined;
}

/** Which quota refuses a request. */
export type Throttle = 'requests' | 'tokens';

/**
 * The quotas of one model (Amazon Bedrock user guide, "How tokens are counted in Amazon Bedrock"): a request that begins
 * takes its input and its maxTokens, or is throttled; when it ends, it has used its input and its output times the
 * model's burndown rate, and the rest is given back. Input that the cache gave is not used up.
 *
 * Not documented, and assumed: quotas fill up evenly, to a minute's worth; a throttled request takes nothing; what a
 * request uses beyond what it took, it takes when it ends.
 */
export class Quota {
  readonly #requests: TokenBucket | undefined;
  readonly #tokens: TokenBucket | undefined;
  readonly #burndownRate: number;

  constructor({ requests, tokens }: QuotaPerMinute, burndownRate: number) {
    this.#requests = requests === undefined ? undefined : new TokenBucket(requests);
    this.#tokens = tokens === undefined ? undefined : new TokenBucket(tokens);
    this.#burndownRate = burndownRate;
  }

  /** Takes what a request reserves, in tokens, or says what is used up. `now` is in ms, and never goes back. */
  begin(reserved: number, now: number): Throttle | undefined {
    if (this.#requests?.has(1, now) === false) return 'requests';
    if (this.#tokens?.has(reserved, now) === false) return 'tokens';
    this.#requests?.take(1, now);
    this.#tokens?.take(reserved, now);
    return undefined;
  }

  /** Settles a request that reserved so much and ends with this usage. */
  end(reserved: number, { input, output }: { input: number; output: number }, now: number): void {
    this.#tokens?.take(input + output * this.#burndownRate - reserved, now);
  }
}
