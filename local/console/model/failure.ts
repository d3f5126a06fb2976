import { isFailed, planAttempts } from './attempts.ts';
import { type Cause, readCause } from './cause.ts';
import type { Catcher, StateDefinition } from './definition.ts';
import type { Attempt, Run, Step } from './steps.ts';

/** How an execution ended, as DescribeExecution tells it. */
export interface End {
  readonly status: string;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

/** Why an execution failed: where the error arose, what was tried, and what the state was given. */
export interface Failure {
  readonly error: string | undefined;
  /** What the execution itself reports. */
  readonly cause: Cause;
  /** Where the error arose; undefined when it arose in no state, as when the execution was stopped between two. */
  readonly origin: Origin | undefined;
  /** The Fail state that reported it. */
  readonly endedIn: Step | undefined;
  /** Every failed attempt on the way, the first one first. */
  readonly trials: readonly Trial[];
}

export interface Origin {
  readonly step: Step;
  readonly attempt: Attempt | undefined;
  /** The attempt's number among all that there could be. */
  readonly number: number;
  readonly of: number;
  /** False when no Retry of the state names the error. */
  readonly isCovered: boolean;
  readonly cause: Cause;
}

/** A failed attempt, and what came of it. */
export interface Trial {
  readonly step: Step;
  readonly attempt: Attempt;
  readonly cause: Cause;
  readonly then: Consequence;
}

export type Consequence =
  | { readonly kind: 'retried'; readonly afterMs: number }
  /** The next attempt has not begun. */
  | { readonly kind: 'waiting'; readonly seconds: number; readonly hasJitter: boolean }
  | { readonly kind: 'caught'; readonly next: string | undefined; readonly comment: string | undefined }
  | { readonly kind: 'ended' };

/** Reads out of a run why it ended badly, or undefined when it did not. */
export function explainFailure(run: Run, states: ReadonlyMap<string, StateDefinition>, end: End): Failure | undefined {
  if (end.status === 'RUNNING' || end.status === 'SUCCEEDED') return undefined;
  const last = run.steps.at(-1);
  const endedIn = end.status === 'FAILED' && last?.type === 'Fail' ? last : undefined;
  const trials = run.steps.flatMap((step) => trialsOf(step, states.get(step.name)));
  const origin = originOf(run, states, end, trials, endedIn);
  return {
    error: end.error,
    cause: readCause(end.cause),
    origin,
    endedIn: endedIn === origin?.step ? undefined : endedIn,
    trials: trials.filter((trial) => isOnTheWay(trial.step, origin?.step) && saysMore(trial)).sort(byTime),
  };
}

function originOf(
  run: Run,
  states: ReadonlyMap<string, StateDefinition>,
  { status, error }: End,
  trials: readonly Trial[],
  endedIn: Step | undefined,
): Origin | undefined {
  // What contains the failed state fails too, without an error of its own.
  const trial =
    status === 'FAILED' && error !== undefined
      ? [...trials].sort(byTime).findLast(({ attempt }) => attempt.error === error && !attempt.inside)
      : undefined;
  const step = trial?.step ?? endedIn ?? run.steps.findLast((candidate) => candidate.status !== 'succeeded');
  if (!step) return undefined;
  const attempt = trial?.attempt ?? step.attempts.at(-1);
  const plan = planAttempts(step, states.get(step.name)?.Retry)[(attempt?.number ?? 0) - 1];
  const first = step.attempts.filter(({ redrive }) => redrive !== attempt?.redrive).length;
  return {
    step,
    attempt,
    number: (attempt?.number ?? 1) - first,
    of: (plan?.of ?? attempt?.number ?? 1) - first,
    isCovered: plan?.isCovered ?? true,
    cause: readCause(attempt?.cause),
  };
}

/** The failed attempts of a step that say something, each with what came of it. */
function trialsOf(step: Step, state: StateDefinition | undefined): Trial[] {
  const plans = planAttempts(step, state?.Retry);
  return step.attempts.flatMap((attempt, index): Trial[] => {
    if (!isFailed(attempt.outcome) || attempt.error === undefined) return [];
    const then = consequence(step, state, index, plans[index]?.retry);
    return [{ step, attempt, cause: readCause(attempt.cause), then }];
  });
}

/** Attempts of one step that failed alike, one after the other, belong together. */
export function groupTrials(trials: readonly Trial[]): Trial[][] {
  const groups: Trial[][] = [];
  for (const trial of trials) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    const isAlike =
      last?.step === trial.step &&
      last.attempt.error === trial.attempt.error &&
      last.cause.message === trial.cause.message &&
      last.attempt.redrive === trial.attempt.redrive;
    if (isAlike) group?.push(trial);
    else groups.push([trial]);
  }
  return groups;
}

function consequence(
  step: Step,
  state: StateDefinition | undefined,
  index: number,
  retry: { readonly seconds: number; readonly hasJitter: boolean } | undefined,
): Consequence {
  const attempt = step.attempts[index] as Attempt;
  const following = step.attempts[index + 1];
  if (following && following.redrive === attempt.redrive) {
    return { kind: 'retried', afterMs: following.startedAt - (attempt.endedAt ?? following.startedAt) };
  }
  if (!following && step.status === 'caught') {
    const catcher = catcherOf(state, step.next?.name);
    return { kind: 'caught', next: step.next?.name, comment: catcher?.Comment };
  }
  if (!following && step.status === 'running' && retry) return { kind: 'waiting', ...retry };
  return { kind: 'ended' };
}

function catcherOf(state: StateDefinition | undefined, next: string | undefined): Catcher | undefined {
  const candidates = (state?.Catch ?? []).filter(({ Next }) => Next === next);
  return candidates.length === 1 ? candidates[0] : undefined;
}

/** Whether a trial tells more than the one inside of it. */
function saysMore({ attempt, then }: Trial): boolean {
  return !attempt.inside || then.kind !== 'ended';
}

/** Whether a step is in the flow of the one that failed, or of one around it. */
function isOnTheWay(step: Step, failed: Step | undefined): boolean {
  for (let at = failed; at; at = at.parent) {
    if (step.parent === at.parent && step.iteration === at.iteration) return true;
  }
  return failed === undefined;
}

function byTime(one: Trial, other: Trial): number {
  return (one.attempt.endedAt ?? 0) - (other.attempt.endedAt ?? 0);
}
