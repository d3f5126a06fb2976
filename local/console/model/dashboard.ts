import { type Bucket, toBuckets } from './buckets.ts';
import type { Outcome } from './outcomes.ts';

/** What a time range of executions comes to. */
export interface Dashboard {
  readonly prompts: number;
  readonly answered: number;
  readonly failed: number;
  /** From 0 to 1; undefined when nothing ended. */
  readonly successRate: number | undefined;
  readonly retries: number;
  readonly fallbacks: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly costUsd: number;
  /** Of the models, in milliseconds; undefined when nothing was answered. */
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number } | undefined;
  readonly models: readonly ModelRow[];
  readonly errors: readonly ErrorRow[];
  readonly buckets: readonly Bucket[];
}

export interface ModelRow {
  readonly model: string;
  readonly answered: number;
  /** How often it was given up for the next one. */
  readonly fallbacks: number;
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly costUsd: number;
}

export interface ErrorRow {
  readonly error: string;
  readonly count: number;
  /** The ARNs of the latest executions with it, the newest first. */
  readonly executions: readonly string[];
}

const MOST_LINKS = 5;

/** Sums up the outcomes from `from` up to, but not including, `to`, in milliseconds since the epoch. */
export function summarise(outcomes: readonly Outcome[], from: number, to: number): Dashboard {
  const own = outcomes.filter(({ at }) => at >= from && at < to);
  const failures = own.filter(({ error }) => error !== undefined);
  const answers = own.filter(({ error }) => error === undefined);
  return {
    prompts: own.length,
    answered: answers.length,
    failed: failures.length,
    successRate: own.length === 0 ? undefined : answers.length / own.length,
    retries: sum(own, ({ retries }) => retries),
    fallbacks: sum(own, ({ fallbacks }) => fallbacks.length),
    tokensIn: sum(own, ({ tokensIn }) => tokensIn),
    tokensOut: sum(own, ({ tokensOut }) => tokensOut),
    costUsd: sum(own, ({ costUsd }) => costUsd),
    latencyMs: percentiles(answers.flatMap(({ latencyMs }) => latencyMs ?? [])),
    models: byModel(own),
    errors: byError(failures),
    buckets: toBuckets(
      own.map(({ at, error }) => ({ at, isFailed: error !== undefined })),
      from,
      to,
    ),
  };
}

function sum(outcomes: readonly Outcome[], pick: (outcome: Outcome) => number): number {
  return outcomes.reduce((total, outcome) => total + pick(outcome), 0);
}

/** The nearest rank: a value that was measured. */
function percentiles(values: readonly number[]): Dashboard['latencyMs'] {
  if (values.length === 0) return undefined;
  const sorted = values.toSorted((one, other) => one - other);
  const at = (percent: number): number => sorted[Math.ceil((percent / 100) * sorted.length) - 1] as number;
  return { p50: at(50), p95: at(95), p99: at(99) };
}

function byModel(outcomes: readonly Outcome[]): ModelRow[] {
  const names = new Set(
    outcomes.flatMap(({ model, fallbacks }) => [...(model === undefined ? [] : [model]), ...fallbacks]),
  );
  return [...names].sort().map((name) => {
    const answers = outcomes.filter(({ model }) => model === name);
    return {
      model: name,
      answered: answers.length,
      fallbacks: sum(outcomes, ({ fallbacks }) => fallbacks.filter((given) => given === name).length),
      tokensIn: sum(answers, ({ tokensIn }) => tokensIn),
      tokensOut: sum(answers, ({ tokensOut }) => tokensOut),
      costUsd: sum(answers, ({ costUsd }) => costUsd),
    };
  });
}

function byError(failures: readonly Outcome[]): ErrorRow[] {
  const names = new Set(failures.map(({ error = '' }) => error));
  const rows = [...names].map((name): ErrorRow => {
    const own = failures.filter(({ error }) => error === name);
    const latest = own.slice(-MOST_LINKS).reverse();
    return { error: name, count: own.length, executions: latest.map(({ execution }) => execution) };
  });
  return rows.sort((one, other) => other.count - one.count);
}
