import type { StateFailure } from './errors.ts';
import type { Json, JsonObject } from './json.ts';

/** A state that is tested alone: what it is to meet, instead of the world, and who learns what came of it. */
export interface Testing {
  /** How often the retrier of the error has retried before. */
  readonly retryCount: number;
  /** Instead of the context object that an execution has. */
  readonly context: JsonObject | undefined;
  /** Instead of running the children of a Parallel or Map state: gives their outputs. Throws StateFailure. */
  readonly endChildren: () => Json;
  /** How many iterations of a Map state have failed. */
  readonly failedIterations: number;
  inspect(facts: Inspection): void;
}

/** What a state came to on its way, as far as it got. */
export interface Inspection {
  readonly effectiveInput?: Json;
  readonly argument?: Json;
  readonly result?: Json;
  readonly afterResultSelector?: Json;
  readonly afterResultPath?: Json;
  readonly items?: Json;
  readonly itemInputs?: Json;
  readonly maxConcurrency?: number;
  readonly toleratedFailureCount?: number;
  readonly toleratedFailurePercentage?: number;
  /** What the state's work failed with. */
  readonly failure?: StateFailure;
  /** The retrier that names the error, and how long it waits, if it has retries left. */
  readonly retryIndex?: number;
  readonly retryDelaySeconds?: number;
  readonly catchIndex?: number;
}
