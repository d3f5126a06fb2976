import { StateFailure } from '../asl/errors.ts';
import { Submitted, type TaskRunner, UNANSWERED } from '../tasks/task.ts';

/** What a Task does at one attempt; `submitted` is what the service answers first, where it answers twice. */
export type Attempt = { submitted?: unknown } & (
  | { return: unknown }
  | { throw: { error?: string; cause?: string } }
  /** Never ends: TimeoutSeconds does. */
  | { hang: true }
);

/** By the name of the state, an attempt each. */
export type TaskScript = Readonly<Record<string, readonly Attempt[]>>;

/** The script and the state machine do not fit. */
export class TaskScriptError extends Error {
  override readonly name = 'TaskScriptError';
}

/**
 * Does what a script says that the tasks do; `calls` counts the attempts of each state so far. Throws a
 * TaskScriptError for an attempt that the script does not have.
 */
export function scriptedTasks(script: TaskScript, calls: Map<string, number> = new Map()): TaskRunner {
  return async ({ stateName, submitted }) => {
    const call = calls.get(stateName) ?? 0;
    calls.set(stateName, call + 1);
    const attempts = script[stateName] ?? [];
    const attempt = attempts[call];
    if (!attempt) {
      const found = attempts.length === 0 ? 'none' : `${attempts.length}`;
      throw new TaskScriptError(
        `tasks: the state '${stateName}' makes attempt ${call + 1}, found ${found} in the script`,
      );
    }
    const finish = 'hang' in attempt ? undefined : async () => finishAttempt(attempt);
    if (submitted !== undefined) return finish ? finish() : UNANSWERED;
    if (attempt.submitted !== undefined) return new Submitted(JSON.stringify(attempt.submitted), finish);
    return finish ? finish() : UNANSWERED;
  };
}

/** What an attempt comes to, as JSON text. Throws StateFailure. */
function finishAttempt(attempt: Exclude<Attempt, { hang: true }>): string {
  if ('throw' in attempt) throw new StateFailure(attempt.throw.error, attempt.throw.cause);
  return JSON.stringify(attempt.return);
}
