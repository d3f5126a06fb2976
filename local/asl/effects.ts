import type { HistoryEvent, StateType } from '../history/events.ts';
import type { Json } from './json.ts';
import type { MapRunRequest } from './map-run.ts';

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
  readonly taskToken?: string | undefined;
  /** What the service answered when it took the task, in an earlier process: the task is to be followed, not begun. */
  readonly submitted?: string;
}

/** A wait for a task, for a map run, for a time, or for whichever comes first. Begun again under its id, it goes on with new limits. */
export interface Effect {
  /** Id of the event that the wait began with: unique in the execution, and the same when it is replayed. */
  readonly id: number;
  readonly task?: TaskRequest | undefined;
  readonly mapRun?: MapRunRequest;
  /** Milliseconds since the epoch. */
  readonly until?: number | undefined;
  /** The longest time between two heartbeats, from now on. */
  readonly heartbeatMs?: number | undefined;
  /** Answers that come with this token end the wait. */
  readonly taskToken?: string | undefined;
}

/** Children to put in the queue; the branch goes on with the next of all its children to end. */
export interface Fork {
  readonly start: readonly Branch[];
}

/** The branch wants no more of its children: they end where they are, and it goes on at once. */
export interface Cut {
  readonly cut: true;
}

/** The end of a wait, or of a child. `result` is JSON text. */
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

/**
 * What a state or branch does: it yields its waits, gets their outcomes, and returns what it came to. A promise that it
 * yields must settle before anything else of the execution goes on; nothing comes back for it.
 */
export type Process<T> = Generator<Effect | Fork | Cut | Promise<void>, T, Outcome>;

/** What a branch carries from state to state. */
export interface BranchState {
  /** Its position among its siblings, which is the id of its outcome too. */
  readonly index: number;
  /** The Map state that it is an iteration of. */
  readonly mapName: string | undefined;
  /** The event that the next one points back to. */
  lastEvent: Pick<HistoryEvent, 'id' | 'timestamp'>;
  variables: Readonly<Record<string, Json>>;
  /** The state that was entered and not left. */
  openState: StateType | undefined;
  /** What the last state left to put out. */
  output: Json;
  /** The branches that the open state waits for, in the order of their start. */
  readonly children: Set<Branch>;
}

/** A line of states: the execution's own, a branch of a Parallel state or an iteration of a Map state. */
export interface Branch extends BranchState {
  /** Returns the output as JSON text. Throws StateFailure. */
  readonly process: Process<string>;
}
