import type { S3 } from '../s3/s3.ts';
import type { ExecutionRecord, MapRunRecord, NewExecution, StateMachineRecord, Store } from '../store/store.ts';
import type { TaskRunner } from '../tasks/task.ts';
import type { Clock } from './clock.ts';

/** What map runs need of the engine that they are part of. */
export interface MapRunContext {
  readonly store: Store;
  readonly s3: S3;
  start(machine: StateMachineRecord, child: NewExecution, runTask: TaskRunner, clock: Clock): ExecutionRecord;
  redrive(child: ExecutionRecord, request: object, runTask: TaskRunner, clock: Clock): void;
  stop(executionArn: string, failure: object): Promise<void>;
  finished(executionArn: string): Promise<void>;
  /** Whether everything is left as it is stored, for a later process. */
  isHalted(): boolean;
}

/** The execution that a map run belongs to; its children's tasks are run as its own. */
export interface MapRunParent {
  readonly execution: ExecutionRecord;
  readonly clock: Clock;
  readonly runTask: TaskRunner;
}

/** How a map run ended for its state, and when: later than now where the children's waits were skipped. */
export interface MapRunEnd {
  readonly outcome:
    | { readonly kind: 'succeeded'; readonly result: string }
    | { readonly kind: 'failed'; readonly error?: string | undefined; readonly cause?: string | undefined };
  readonly time: number;
}

export type MapRunLimits = Partial<
  Pick<MapRunRecord, 'maxConcurrency' | 'toleratedFailureCount' | 'toleratedFailurePercentage'>
>;
