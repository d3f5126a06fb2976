import { setImmediate as macrotask } from 'node:timers/promises';
import { StateFailure } from '../asl/errors.ts';
import type { MapRunRequest } from '../asl/map-run.ts';
import { isExceeded, thresholdExceeded } from '../asl/states/tolerance.ts';
import { MAX_EVENTS } from '../history/recorder.ts';
import type { ExecutionRecord, MapRunRecord, StateMachineRecord } from '../store/store.ts';

import { ChildSource, type NewChild } from './child-source.ts';
import { createChildClock } from './clock.ts';
import { type MapChild, toResult, writeResults } from './map-results.ts';
import type { MapRunContext, MapRunEnd, MapRunLimits, MapRunParent } from './map-run-context.ts';
import { childMachine, countChild, newMapRun, STATUS_COUNTS } from './map-run-record.ts';

/** "Up to 10,000 parallel child workflow executions" (developer guide, "Distributed mode"). */
const MAX_CONCURRENCY = 10_000;

/** How many children are worked on before others get their turn. */
const TURN = 64;

/** One map run: starts its children, counts how they end, and gathers their results. */
export class MapRun {
  readonly #context: MapRunContext;
  readonly #parent: MapRunParent;
  readonly #request: MapRunRequest;
  readonly #machine: StateMachineRecord;
  readonly #record: MapRunRecord;
  readonly #source: ChildSource;
  readonly #isResumed: boolean;
  /** Children under way, until their ends are counted. */
  readonly #running = new Map<string, Promise<void>>();
  /** When the places of children that ended became free, and how many places were ever taken. */
  readonly #freed: number[] = [];
  #places = 0;
  #started = 0;
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
    this.#source = new ChildSource(context.s3, request, this.#machine);
    this.#isResumed = before !== undefined;
    this.#lastStop = parent.clock.now();
    this.#record = newMapRun(parent.execution, request, this.#machine, this.#lastStop, before);
  }

  /** Never rejects. */
  async run(signal: AbortSignal): Promise<MapRunEnd> {
    const abort = (): void => {
      this.#isAborted = true;
      this.#wake?.();
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    this.#context.store.mapRuns.put(this.#record);
    let result: string | undefined;
    try {
      await this.#drive().catch((error: unknown) => this.#fail(error));
      if (this.#context.isHalted()) return { outcome: { kind: 'failed' }, time: this.#lastStop };
      await this.#stopChildren();
      // There is nothing to tell of a dataset that could not be read at all.
      if (this.#started > 0 || !this.#failure) result = await this.#finish();
    } catch (error) {
      this.#fail(error);
    }
    await this.#source.close();
    return this.#end(result);
  }

  /** Changes limits, which take effect at once. */
  update(limits: MapRunLimits): void {
    Object.assign(this.#record, limits);
    this.#context.store.mapRuns.put(this.#record);
    this.#check();
    this.#wake?.();
  }

  /** Starts children as there is room for them, until all have ended, or none may go on. Throws StateFailure. */
  async #drive(): Promise<void> {
    const source = this.#source;
    while (!this.#failure && !this.#isAborted && !this.#context.isHalted()) {
      if (!source.hasNext && !source.isRead) await this.#readAhead();
      else if (source.hasNext && this.#running.size < (this.#record.maxConcurrency || MAX_CONCURRENCY)) {
        this.#start(source.take() as NewChild);
        if (this.#started % TURN === 0) await macrotask();
      } else if (this.#running.size === 0) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  async #readAhead(): Promise<void> {
    await this.#source.readAhead((child) => countChild(this.#record, child, undefined, 'pending'));
    this.#check(); // the share of those that failed is known when all are read
  }

  #start(child: NewChild): void {
    const stored = this.#isResumed ? this.#context.store.getExecution(child.executionArn) : undefined;
    const execution = stored && !this.#isToRedrive(stored) ? stored : this.#launch(child, stored);
    this.#started += 1;
    countChild(this.#record, child, 'pending', 'running');
    const ended = this.#context.finished(child.executionArn).then(() => this.#ended(child, execution));
    this.#running.set(child.executionArn, ended);
  }

  /** Whether a child has ended without success before the map run was redriven; one whose history is full stays as it is. */
  #isToRedrive({ status, mapRunRedrive = 0, executionArn }: ExecutionRecord): boolean {
    const { redriveCount } = this.#request;
    if (status === 'RUNNING' || status === 'SUCCEEDED' || mapRunRedrive >= redriveCount) return false;
    return this.#context.store.getEvents(executionArn).length < MAX_EVENTS - 1;
  }

  /** Starts a child, or goes on with one that failed; one of the type EXPRESS begins anew. */
  #launch({ executionArn, name, input, itemCount }: NewChild, failed: ExecutionRecord | undefined): ExecutionRecord {
    const { start, redrive } = this.#context;
    const { mapRunArn, redriveCount } = this.#request;
    const { execution: parent, runTask, clock: parentClock } = this.#parent;
    const clock = createChildClock(parentClock, this.#takePlace());
    const round = redriveCount > 0 ? { mapRunRedrive: redriveCount } : {};
    if (failed && this.#machine.type === 'STANDARD') {
      redrive(failed, { redriveDate: clock.now(), ...round }, runTask, clock);
      return failed;
    }
    const { testCase } = parent;
    const child = { executionArn, name, input, mapRunArn, itemCount, ...round };
    return start(this.#machine, { ...child, ...(testCase !== undefined && { testCase }) }, runTask, clock);
  }

  /** From when on there is room for another child, in the time of their clocks. */
  #takePlace(): number {
    if (this.#places >= (this.#record.maxConcurrency || MAX_CONCURRENCY)) return this.#freed.shift() ?? 0;
    this.#places += 1;
    return 0;
  }

  #ended(child: NewChild, execution: ExecutionRecord): void {
    const { status, stopDate = 0 } = execution;
    // Of an EXPRESS child the store has nothing yet; what it came to is asked for when all are done.
    if (this.#machine.type === 'EXPRESS') this.#context.store.putExecution(execution);
    this.#running.delete(child.executionArn);
    this.#freed.push(stopDate);
    this.#lastStop = Math.max(this.#lastStop, stopDate);
    countChild(this.#record, child, 'running', STATUS_COUNTS[status]);
    this.#check();
    this.#wake?.();
  }

  /** Fails the map run where too many items failed or timed out. */
  #check(): void {
    const { itemCounts, toleratedFailureCount: count, toleratedFailurePercentage: percentage } = this.#record;
    const failures = itemCounts.failed + itemCounts.timedOut;
    const items = this.#source.isRead ? itemCounts.total : Number.POSITIVE_INFINITY;
    if (isExceeded({ count, percentage }, failures, items)) this.#failure ??= thresholdExceeded();
  }

  #fail(error: unknown): void {
    this.#failure ??= error instanceof StateFailure ? error : unexpected(error);
  }

  async #stopChildren(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((arn) => this.#context.stop(arn, {})));
    await Promise.all(this.#running.values());
  }

  /** Writes what there is to write, whatever the end; returns the state's result. Throws StateFailure. */
  async #finish(): Promise<string> {
    const { results } = this.#request;
    if (results.bucket === undefined) return toResult(this.#told(), results);
    const { executionCounts, itemCounts } = this.#record;
    const isSuccess = ({ execution }: MapChild): boolean => execution?.status === 'SUCCEEDED';
    const hasSucceeded = executionCounts.succeeded > 0;
    const hasFailed = executionCounts.succeeded < this.#started;
    if (!this.#source.hasNext && !this.#source.isRead) await this.#readAhead().catch(() => {}); // it has failed before
    const childrenOf = {
      FAILED: hasFailed ? this.#told((child) => !isSuccess(child)) : undefined,
      PENDING: this.#source.hasNext ? this.#pending() : undefined,
      SUCCEEDED: hasSucceeded ? this.#told(isSuccess) : undefined,
    };
    const result = await writeResults(this.#context.s3, this.#request, childrenOf, results);
    for (const counts of [executionCounts, itemCounts]) counts.resultsWritten = counts.total - counts.pending;
    return result;
  }

  /** The children that were started, in their order, as the store has them. */
  async *#told(isWanted: (child: MapChild) => boolean = () => true): AsyncGenerator<MapChild> {
    const { stateMachineArn } = this.#machine;
    for (let index = 0; index < this.#started; index += 1) {
      if (index % TURN === 0) await macrotask();
      const names = this.#source.namesOf(index);
      const execution = this.#context.store.getExecution(names.executionArn);
      if (!execution) continue; // deleted with its state machine
      const child = { stateMachineArn, input: execution.input, execution, ...names };
      if (isWanted(child)) yield child;
    }
  }

  /** The children that were not started; the rest of the dataset is read for them. */
  async *#pending(): AsyncGenerator<MapChild> {
    const { stateMachineArn } = this.#machine;
    while (this.#source.hasNext) {
      yield { ...(this.#source.take() as NewChild), stateMachineArn, execution: undefined };
      if (!this.#source.hasNext) await this.#readAhead().catch(() => {}); // the map run has failed before
    }
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
