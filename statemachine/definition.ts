import pipeline from './pipeline.asl.json' with { type: 'json' };

/** How often and how far apart InvokeModel's two retriers try one model again. */
export interface RetryPolicy {
  /** Retries after the first call, 0 for none. */
  retries?: number | undefined;
  /** Whole seconds before the first retry, at least 1. */
  retryDelaySeconds?: number | undefined;
}

interface Retrier {
  MaxAttempts: number;
  IntervalSeconds: number;
  MaxDelaySeconds?: number;
}

/** The part of an ASL document that this file reads; the rest passes through. */
export interface Definition {
  States: Record<string, { Retry?: Retrier[] } & Record<string, unknown>>;
  [field: string]: unknown;
}

/** The state whose retriers the policy is applied to. */
const RETRIED_STATE = 'InvokeModel';

/** AWS's bounds of MaxAttempts and IntervalSeconds (States Language specification, "Retrying after error"). */
const MOST_RETRIES = 99_999_999;
const MOST_DELAY_SECONDS = 99_999_999;

/**
 * Reads pipeline.asl.json and applies the retry policy to both retriers of InvokeModel. `${...}` placeholders stay.
 * Throws a RangeError that says what was asked and what is allowed.
 */
export function readDefinition({ retries, retryDelaySeconds }: RetryPolicy = {}): Definition {
  const definition = structuredClone(pipeline) as unknown as Definition;
  if (retries !== undefined) requireWholeNumber('retries', retries, 0, MOST_RETRIES);
  if (retryDelaySeconds !== undefined) requireWholeNumber('retry delay', retryDelaySeconds, 1, MOST_DELAY_SECONDS);
  for (const retrier of definition.States[RETRIED_STATE]?.Retry ?? []) {
    if (retries !== undefined) retrier.MaxAttempts = retries;
    if (retryDelaySeconds === undefined) continue;
    retrier.IntervalSeconds = retryDelaySeconds;
    // AWS refuses a MaxDelaySeconds that is not above IntervalSeconds.
    const isCapped = retrier.MaxDelaySeconds !== undefined;
    if (isCapped) retrier.MaxDelaySeconds = Math.max(retrier.MaxDelaySeconds ?? 0, retryDelaySeconds + 1);
  }
  return definition;
}

function requireWholeNumber(what: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new RangeError(`${what}: ${value} was asked, a whole number from ${least} to ${most} is allowed`);
}

/** Replaces `${Name}` in every string, as CloudFormation does at deployment. Throws on a name that has no value. */
export function substitute(definition: Definition, values: Readonly<Record<string, string>>): Definition {
  const replaceIn = (text: string): string =>
    text.replace(/\$\{(\w+)\}/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`The definition's placeholder \${${name}} has no value`);
      return value;
    });
  const text = JSON.stringify(definition, (_, value) => (typeof value === 'string' ? replaceIn(value) : value));
  return JSON.parse(text) as Definition;
}
