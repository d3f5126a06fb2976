import type { OutcomeLines } from '../settings.ts';
import { parse, readPath } from './facts.ts';

/** A line of a log: when, and what. */
export interface LogEvent {
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly message: string;
}

/** How an execution ended, as the log tells it. */
export interface Outcome {
  readonly at: number;
  readonly execution: string;
  /** The model that answered. */
  readonly model: string | undefined;
  readonly error: string | undefined;
  /** Calls of models, and how many of them were retries of the same one. */
  readonly attempts: number;
  readonly retries: number;
  /** Models given up for the next one. */
  readonly fallbacks: readonly string[];
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly costUsd: number;
  readonly latencyMs: number | undefined;
}

/** Reads the lines that tell of ends; others are skipped. An execution that logged its end twice counts once. */
export function readOutcomes(events: readonly LogEvent[], lines: OutcomeLines): Outcome[] {
  const outcomes = new Map<string, Outcome>();
  for (const { timestamp, message } of events) {
    const fields = parse(message);
    const event = readPath(fields, 'event');
    if (event !== lines.answered && event !== lines.failed) continue;
    const outcome = readOutcome(fields, timestamp, event === lines.failed, lines.paths);
    outcomes.set(outcome.execution, outcome);
  }
  return [...outcomes.values()];
}

function readOutcome(fields: unknown, at: number, isFailed: boolean, paths: OutcomeLines['paths']): Outcome {
  const number = (path: string): number => Number(readPath(fields, path) ?? 0) || 0;
  const text = (path: string): string | undefined => {
    const value = readPath(fields, path);
    return typeof value === 'string' ? value : undefined;
  };
  const givenUp = modelsOf(readPath(fields, isFailed ? paths.failures : paths.fallbacks));
  const attempts = number(paths.attempts);
  // The last model of a chain was not given up for another.
  const fallbacks = isFailed ? givenUp.slice(0, -1) : givenUp;
  const asked = isFailed ? givenUp.length : givenUp.length + 1;
  return {
    at,
    execution: text(paths.execution) ?? '',
    model: isFailed ? undefined : text(paths.model),
    error: isFailed ? (text(paths.error) ?? 'Unknown') : undefined,
    attempts,
    retries: Math.max(0, attempts - asked),
    fallbacks,
    tokensIn: number(paths.tokensIn),
    tokensOut: number(paths.tokensOut),
    costUsd: number(paths.costUsd),
    latencyMs: isFailed ? undefined : number(paths.latencyMs),
  };
}

function modelsOf(list: unknown): string[] {
  return Array.isArray(list) ? list.map((entry) => String(readPath(entry, 'modelId'))) : [];
}
