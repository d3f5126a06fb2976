import { setImmediate as macrotask } from 'node:timers/promises';
import { StateFailure } from '../asl/errors.ts';
import type { MapRunRequest } from '../asl/map-run.ts';
import { createRandom } from '../asl/random.ts';
import { isExceeded, thresholdExceeded } from '../asl/states/tolerance.ts';
import type { S3 } from '../s3/s3.ts';
import type { ExecutionRecord, MapRunCounts, MapRunRecord, StateMachineRecord, Store } from '../store/store.ts';
import type { TaskRunner } from '../tasks/task.ts';
import { type ChildInput, toInputs } from './batches.ts';
import { type Clock, createChildClock } from './clock.ts';
import { type Item, readDataset } from './dataset/dataset.ts';
import { type MapChild, toResult, writeResults } from './map-results.ts';
import { childArn, childMachine, newMapRun, STATUS_COUNTS } from './map-run-record.ts';

/** "Up to 10,000 parallel child workflow executions" (developer guide, "Distributed mode"). */
const MAX_CONCURRENCY = 10_000;

/** How many items or children are worked on before others get their turn. */
const TURN = 64;

type NewChild = Omit<ExecutionRecord, 'stateMachine' | 'startDate' | 'status'>;

/** What map runs need of the engine that they are part of. */
export interface MapRunContext {
  readonly store: Store;
  readonly s3: S3;
  start(machine: StateMachineRecord, child: NewChild, runTask: TaskRunner, clock: Clock): ExecutionRecord;
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

interface Child extends ChildInput {
  readonly executionArn: string;
  readonly name: string;
  execution: ExecutionRecord | undefined;
}

/** One map run: starts its children, counts how they end, and gathers their results. */
export class MapRun {
  readonly #context: MapRunContext;
  readonly #parent: MapRunParent;
  readonly #request: MapRunRequest;
  readonly #machine: StateMachineRecord;
  readonly #record: MapRunRecord;
  readonly #children: Child[] = [];
  /** Children under way, until their ends are counted. */
  readonly #running = new Map<string, Promise<void>>();
  /** When the places of children that ended became free, and how many places were ever taken. */
  readonly #freed: number[] = [];
  #places = 0;
  #lastStop: number;
  #failure: StateFailure | undefined;
  #isAborted = false;
  #wake: (() => void) | undefined;

  /** `before` is what an earlier process stored of it. */
  constructor(context: MapRunContext, parent: MapRunParent, request: MapRunRequest, before: MapRunRecord | undefined) {
    this.#context = context;
    this.#parent = parent;
    this.#request = request;
    this.#machine = childMachine(parent.execution.stateMachine, request);
    this.#lastStop = parent.clock.now();
    this.#record = newMapRun(parent.execution, request, this.#machine, this.#lastStop, before);
  }

  /** Never rejects. */
  async run(signal: AbortSignal): Promise<MapRunEnd> {
    const abort = (): void => {
      this.#isAborted = true;
      this.#wake?.();
    };
    signal.addEventListener('abort', abort, { once: true });
    this.#context.store.mapRuns.put(this.#record);
    let result: string | undefined;
    try {
      await this.#prepare();
      await this.#drive();
      if (this.#context.isHalted()) return { outcome: { kind: 'failed' }, time: this.#lastStop };
      await this.#stopChildren();
      result = await this.#finish();
    } catch (error) {
      this.#failure ??= error instanceof StateFailure ? error : unexpected(error);
    }
    return this.#end(result);
  }

  /** Changes limits, which take effect at once. */
  update(limits: MapRunLimits): void {
    Object.assign(this.#record, limits);
    this.#context.store.mapRuns.put(this.#record);
    this.#check();
    this.#wake?.();
  }

  /** Reads the items and makes children of them. Throws StateFailure. */
  async #prepare(): Promise<void> {
    const { items: given, mapRunArn } = this.#request;
    const items: readonly Item[] =
      'bucket' in given
        ? await readDataset(this.#context.s3, given)
        : given.map((value) => ({ value, source: 'STATE_DATA' }));
    const { executionCounts, itemCounts } = this.#record;
    for await (const input of toInputs(items, this.#request)) {
      const name = createRandom(`${mapRunArn} ${this.#children.length}`).uuid();
      this.#children.push({
        ...input,
        name,
        executionArn: childArn(this.#machine, mapRunArn, name),
        execution: undefined,
      });
      if (this.#children.length % TURN === 0) await macrotask();
    }
    executionCounts.pending = executionCounts.total = this.#children.length;
    itemCounts.pending = itemCounts.total = items.length;
  }

  /** Starts children as there is room for them, until all have ended, or none may go on. */
  async #drive(): Promise<void> {
    let next = 0;
    while (!this.#failure && !this.#isAborted) {
      const child = this.#children[next];
      if (child && this.#running.size < (this.#record.maxConcurrency || MAX_CONCURRENCY)) {
        this.#start(child);
        next += 1;
        if (next % TURN === 0) await macrotask();
      } else if (this.#running.size === 0) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  #start(child: Child): void {
    const { store, start } = this.#context;
    const { executionArn, name, input, itemCount } = child;
    const { mapRunArn } = this.#request;
    // One that an earlier process started goes on, or has ended.
    child.execution =
      store.getExecution(executionArn) ??
      start(
        this.#machine,
        { executionArn, name, input, mapRunArn, itemCount },
        this.#parent.runTask,
        createChildClock(this.#parent.clock, this.#takePlace()),
      );
    this.#count(child, 'pending', 'running');
    const ended = this.#context.finished(executionArn).then(() => this.#ended(child));
    this.#running.set(executionArn, ended);
  }

  /** From when on there is room for another child, in the time of their clocks. */
  #takePlace(): number {
    if (this.#places >= (this.#record.maxConcurrency || MAX_CONCURRENCY)) return this.#freed.shift() ?? 0;
    this.#places += 1;
    return 0;
  }

  #ended(child: Child): void {
    const { status, stopDate = 0 } = child.execution ?? {};
    this.#running.delete(child.executionArn);
    this.#freed.push(stopDate);
    this.#lastStop = Math.max(this.#lastStop, stopDate);
    this.#count(child, 'running', STATUS_COUNTS[status ?? 'ABORTED']);
    this.#check();
    this.#wake?.();
  }

  #count({ itemCount }: Child, from: keyof MapRunCounts, to: keyof MapRunCounts): void {
    const { executionCounts, itemCounts } = this.#record;
    executionCounts[from] -= 1;
    executionCounts[to] += 1;
    itemCounts[from] -= itemCount;
    itemCounts[to] += itemCount;
  }

  /** Fails the map run where too many items failed or timed out. */
  #check(): void {
    const { itemCounts, toleratedFailureCount: count, toleratedFailurePercentage: percentage } = this.#record;
    const failures = itemCounts.failed + itemCounts.timedOut;
    if (isExceeded({ count, percentage }, failures, itemCounts.total)) this.#failure ??= thresholdExceeded();
  }

  async #stopChildren(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((arn) => this.#context.stop(arn, {})));
    await Promise.all(this.#running.values());
  }

  /** Writes what there is to write, whatever the end; returns the state's result. Throws StateFailure. */
  async #finish(): Promise<string> {
    const { results, mapRunArn } = this.#request;
    const { stateMachineArn } = this.#machine;
    const children: MapChild[] = this.#children.map((child) => ({ ...child, stateMachineArn }));
    if (results.bucket === undefined) return toResult(children, results);
    const result = await writeResults(this.#context.s3, mapRunArn, children, results);
    for (const counts of [this.#record.executionCounts, this.#record.itemCounts]) {
      counts.resultsWritten = counts.total - counts.pending;
    }
    return result;
  }

  #end(result: string | undefined): MapRunEnd {
    const record = this.#record;
    const time = Math.max(this.#lastStop, this.#parent.clock.now());
    const { error, cause } = this.#failure ?? {};
    record.stopDate = time;
    const outcome: MapRunEnd['outcome'] =
      this.#failure || this.#isAborted || result === undefined
        ? { kind: 'failed', error, cause }
        : { kind: 'succeeded', result };
    record.status = this.#isAborted ? 'ABORTED' : outcome.kind === 'succeeded' ? 'SUCCEEDED' : 'FAILED';
    const { kind: _, ...kept } = outcome;
    Object.assign(record, kept);
    this.#context.store.mapRuns.put(record);
    return { outcome, time };
  }
}

/** A fault of ours: the map run fails and says where. */
function unexpected(error: unknown): StateFailure {
  return new StateFailure('States.Runtime', `Internal error: ${error instanceof Error ? error.stack : error}`);
}
