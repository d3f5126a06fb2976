/** What a quota per minute has left: it fills up evenly, to what a minute gives. Times are in ms and never go back. */
export class TokenBucket {
  readonly #perMinute: number;
  readonly #perMs: number;
  #level: number;
  #filledAt = Number.NEGATIVE_INFINITY;

  /** Begins full. */
  constructor(perMinute: number) {
    this.#perMinute = perMinute;
    this.#perMs = perMinute / 60_000;
    this.#level = perMinute;
  }

  /** Whether so much is there. */
  has(amount: number, now: number): boolean {
    this.#fill(now);
    return this.#level >= amount;
  }

  /** Takes it, also where it is not there: what comes in then pays that off first. A negative amount is given back. */
  take(amount: number, now: number): void {
    this.#fill(now);
    this.#level = Math.min(this.#perMinute, this.#level - amount);
  }

  #fill(now: number): void {
    if (now <= this.#filledAt) return;
    this.#level = Math.min(this.#perMinute, this.#level + (now - this.#filledAt) * this.#perMs);
    this.#filledAt = now;
  }
}
