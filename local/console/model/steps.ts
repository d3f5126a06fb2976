/** What an execution did, state by state, read from its history. */

export type Outcome = 'running' | 'succeeded' | 'failed' | 'timedOut' | 'aborted';

/** One try of a state's work: a call of a task, a round of a Parallel's branches or of a Map's items. */
export interface Attempt {
  /** From 1, in this entry of the state. */
  readonly number: number;
  /** How often the execution had been redriven: retries are counted anew from there. */
  readonly redrive: number;
  readonly startEvent: number;
  /** Milliseconds since the epoch, as all times here. */
  readonly startedAt: number;
  endedAt?: number;
  outcome: Outcome;
  error?: string | undefined;
  cause?: string | undefined;
  /** The state inside of this one whose error and cause these are. */
  inside?: Step;
  /** The expression that failed. */
  location?: string | undefined;
  /** JSON text of what a task was called with, and of what it gave. */
  readonly parameters?: string | undefined;
  result?: string | undefined;
  /** The execution that it started. */
  executionArn?: string | undefined;
}

/** An item of a Map. */
export interface Iteration {
  readonly index: number;
  readonly startedAt: number;
  endedAt?: number;
  outcome: Outcome;
}

export type StepStatus = Outcome | 'caught';

/** One entry of a state. */
export interface Step {
  /** The event that entered it. */
  readonly id: number;
  readonly name: string;
  /** As in the definition: `Task`, `Map`... */
  readonly type: string;
  /** The entry of the Parallel or Map that it is inside of, and the item there. */
  readonly parent: Step | undefined;
  readonly iteration: number | undefined;
  readonly enteredAt: number;
  exitedAt?: number;
  status: StepStatus;
  readonly input?: string | undefined;
  output?: string | undefined;
  variables?: Readonly<Record<string, string>> | undefined;
  readonly attempts: Attempt[];
  readonly events: number[];
  /** Of a Map in inline mode, by index; the last round of them. */
  iterations?: Iteration[];
  /** Of a Map: how many items. */
  items?: number | undefined;
  mapRunArn?: string | undefined;
  /** The state that was entered from here. */
  next?: Step;
  /** The state that it was entered from. */
  previous?: Step;
}

export interface Run {
  readonly steps: readonly Step[];
  /** The step that an event belongs to; those of the execution itself belong to none. */
  readonly stepOf: ReadonlyMap<number, Step>;
  readonly redrives: number;
}
