/** What an execution waits for, and what comes back. */

/** A task to run, outside of the interpreter. */
export interface TaskRequest {
  /** As the definition has it: `arn:aws:states:::lambda:invoke`. */
  readonly resource: string;
  /** Arguments as JSON text. */
  readonly arguments: string;
  readonly stateName: string;
  /** 0 for the first attempt of this entry of the state. */
  readonly retryCount: number;
  readonly executionArn: string;
  /** What its answer is sent with, of a task that waits for one from outside. */
  readonly taskToken?: string;
}

/** A wait for a task, for a time, or for whichever comes first. Begun again under its id, it goes on with new limits. */
export interface Effect {
  /** Id of the event that the wait began with: unique in the execution, and the same when it is replayed. */
  readonly id: number;
  readonly task?: TaskRequest;
  /** Milliseconds since the epoch. */
  readonly until?: number;
  /** The longest time between two heartbeats, from now on. */
  readonly heartbeatMs?: number;
  /** Answers that come with this token end the wait. */
  readonly taskToken?: string;
}

/** The end of a wait. `result` is JSON text. */
export type Outcome =
  | { readonly id: number; readonly kind: 'elapsed' }
  /** A worker took the task; the wait goes on. */
  | { readonly id: number; readonly kind: 'started'; readonly workerName?: string | undefined }
  /** The service took the task, and answered this JSON text; the wait goes on. */
  | { readonly id: number; readonly kind: 'submitted'; readonly output: string }
  | { readonly id: number; readonly kind: 'succeeded'; readonly result: string }
  | {
      readonly id: number;
      readonly kind: 'failed';
      readonly error?: string | undefined;
      readonly cause?: string | undefined;
    }
  /** The execution is stopped from outside; its id is that of ExecutionStarted. */
  | {
      readonly id: number;
      readonly kind: 'aborted';
      readonly error?: string | undefined;
      readonly cause?: string | undefined;
    };

/** What a state or branch does: it yields its waits, gets their outcomes, and returns what it came to. */
export type Process<T> = AsyncGenerator<Effect, T, Outcome>;
