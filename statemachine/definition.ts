import { TIMEOUT_MARGIN_SECONDS } from '../functions/shared/timeouts.ts';
import pipeline from './pipeline.asl.json' with { type: 'json' };
import starter from './starter.asl.json' with { type: 'json' };

/** How often and how far apart InvokeModel's two retriers try one model again. */
export interface RetryPolicy {
  /** Retries after the first call, 0 for none. */
  retries?: number | undefined;
  /** Whole seconds before the first retry, at least 1. */
  retryDelaySeconds?: number | undefined;
}

/** What a deployment changes of the ASL. */
export interface ExecutionPolicy extends RetryPolicy {
  /** How long a model may take to answer one call. */
  modelTimeoutSeconds?: number | undefined;
  /** How long an execution may take. */
  executionTimeoutSeconds?: number | undefined;
}

/**
 * Least and most of each. Those of MaxAttempts and IntervalSeconds are the States Language's ("Retrying after error"); an
 * execution may run a year (Step Functions quotas), and a Lambda function 900 seconds, within which the call must end.
 */
export const POLICY_BOUNDS = {
  retries: [0, 99_999_999],
  retryDelaySeconds: [1, 99_999_999],
  modelTimeoutSeconds: [1, 900 - TIMEOUT_MARGIN_SECONDS],
  executionTimeoutSeconds: [1, 31_536_000],
} as const satisfies Record<keyof ExecutionPolicy, readonly [least: number, most: number]>;

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

/** The states that need an event bus. */
const ANNOUNCING_STATES = ['AnnounceSuccess', 'AnnounceFailure'];

/**
 * Reads pipeline.asl.json and applies the policy: retries and their delay to both retriers of InvokeModel, timeouts to it
 * and to the whole. `${...}` placeholders stay. Throws a RangeError that says what was found and what is allowed.
 */
export function readDefinition(policy: ExecutionPolicy = {}): Definition {
  for (const name of Object.keys(POLICY_BOUNDS) as (keyof ExecutionPolicy)[]) requireAllowed(name, policy[name]);
  const { retries, retryDelaySeconds, modelTimeoutSeconds, executionTimeoutSeconds } = policy;
  const definition = structuredClone(pipeline) as unknown as Definition;
  const state = definition.States[RETRIED_STATE];
  for (const retrier of state?.Retry ?? []) {
    if (retries !== undefined) retrier.MaxAttempts = retries;
    if (retryDelaySeconds === undefined) continue;
    retrier.IntervalSeconds = retryDelaySeconds;
    // AWS refuses a MaxDelaySeconds that is not above IntervalSeconds.
    const isCapped = retrier.MaxDelaySeconds !== undefined;
    if (isCapped) retrier.MaxDelaySeconds = Math.max(retrier.MaxDelaySeconds ?? 0, retryDelaySeconds + 1);
  }
  if (state && modelTimeoutSeconds) state['TimeoutSeconds'] = modelTimeoutSeconds + 2 * TIMEOUT_MARGIN_SECONDS;
  if (executionTimeoutSeconds) definition['TimeoutSeconds'] = executionTimeoutSeconds;
  return definition;
}

function requireAllowed(name: keyof ExecutionPolicy, value: number | undefined): void {
  const [least, most] = POLICY_BOUNDS[name];
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return;
  throw new RangeError(`${name}: found ${value}, allowed is a whole number from ${least} to ${most}`);
}

/** The pipeline where there is no event bus: what led to an announcement leads to what comes after it. */
export function withoutAnnouncements(definition: Definition): Definition {
  const next = new Map(ANNOUNCING_STATES.map((name) => [name, definition.States[name]?.['Next']]));
  const redirected = JSON.stringify(definition, (key, value) => (key === 'Next' ? (next.get(value) ?? value) : value));
  const silent = JSON.parse(redirected) as Definition;
  for (const name of ANNOUNCING_STATES) delete silent.States[name];
  return silent;
}

/** Reads starter.asl.json, which starts the pipeline for an event. `${...}` placeholders stay. */
export function readStarterDefinition(): Definition {
  return structuredClone(starter) as unknown as Definition;
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
