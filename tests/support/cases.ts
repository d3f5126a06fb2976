import { readdirSync, readFileSync } from 'node:fs';
import { Submitted, TaskError, type TaskRunner, UNANSWERED } from '../../local/tasks/task.ts';

/** What a Task does at one attempt; `submitted` is what the service answers first, where it answers twice. */
export type Attempt = { submitted?: unknown } & (
  | { return: unknown }
  | { throw: { error?: string; cause?: string } }
  | { hang: true }
);

/** One rule of the language: a definition, its input, what its tasks do, and what AWS makes of it. */
export interface Case {
  readonly rule: string;
  /** Where AWS's behaviour is documented, or was seen. */
  readonly source: string;
  readonly definition: unknown;
  readonly input?: unknown;
  /** By state, an attempt each. */
  readonly tasks?: Readonly<Record<string, readonly Attempt[]>>;
  readonly expected: {
    readonly end: unknown;
    /** As eventLines writes them. */
    readonly events: readonly string[];
    /** Details of events that the lines do not show, by event id. */
    readonly details?: Readonly<Record<string, unknown>>;
  };
}

const FOLDER = new URL('../cases/', import.meta.url);
/** Every case, under its file and rule. */
export const CASES = readdirSync(FOLDER).map((file) => {
  const parsed = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Case;
  if (parsed.expected.events.length === 0) throw new Error(`${file} expects no events`);
  return [`${file}: ${parsed.rule}`, parsed] as const;
});

/** Does what a case says its tasks do; `calls` counts the attempts of each state. */
export function scriptedTasks(tasks: NonNullable<Case['tasks']>, calls: Map<string, number> = new Map()): TaskRunner {
  return async ({ stateName, submitted }) => {
    const call = calls.get(stateName) ?? 0;
    calls.set(stateName, call + 1);
    const attempt = tasks[stateName]?.[call];
    if (!attempt) throw new Error(`The case has no attempt ${call} of ${stateName}`);
    const finish = 'hang' in attempt ? undefined : async () => finishAttempt(attempt);
    if (submitted !== undefined) return finish ? finish() : UNANSWERED;
    if (attempt.submitted !== undefined) return new Submitted(JSON.stringify(attempt.submitted), finish);
    return finish ? finish() : UNANSWERED;
  };
}

/** What an attempt comes to. Throws TaskError. */
export function finishAttempt(attempt: Exclude<Attempt, { hang: true }>): string {
  if ('throw' in attempt) throw new TaskError(attempt.throw.error, attempt.throw.cause);
  return JSON.stringify(attempt.return);
}
