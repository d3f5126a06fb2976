import type { TaskRequest } from '../asl/effects.ts';

/** In place of a result: the task goes on, and its end does not come from its runner. */
export const UNANSWERED = Symbol('unanswered');

/** In place of a result: the service took the task, and answered this JSON text. */
export class Submitted {
  readonly output: string;
  /** Follows the task to its result, or to a StateFailure; without it the end comes with the task's token. */
  readonly finish: (() => Promise<string>) | undefined;

  constructor(output: string, finish?: () => Promise<string>) {
    this.output = output;
    this.finish = finish;
  }
}

/** What a task runner can know of those who wait: its signal, made when it is read, says that nobody does any more. */
export type TaskWork = Pick<AbortController, 'signal'>;

/** Runs a task and resolves with its result as JSON text, or with what stands in its place. Throws StateFailure. */
export type TaskRunner = (request: TaskRequest, work: TaskWork) => Promise<string | Submitted | typeof UNANSWERED>;
