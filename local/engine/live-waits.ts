import type { Waits } from '../asl/branch-queue.ts';
import type { Effect, Outcome, TaskRequest } from '../asl/effects.ts';
import { StateFailure } from '../asl/errors.ts';
import type { MapRunRequest } from '../asl/map-run.ts';
import { Submitted, type TaskRunner } from '../tasks/task.ts';
import type { Clock } from './clock.ts';
import type { MapRunEnd } from './map-run-context.ts';
import { pause } from './pause.ts';

/** What is sent with a task token. */
export type TaskAnswer =
  | { readonly kind: 'started'; readonly workerName?: string | undefined }
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'succeeded'; readonly result: string }
  | { readonly kind: 'failed'; readonly error?: string | undefined; readonly cause?: string | undefined };

interface Wait {
  effect: Effect;
  cancelTimer: (() => void) | undefined;
  /** Tells who does the work that nobody waits for it any more; undefined where that is done. */
  work: AbortController | undefined;
  /** Whether the service has not taken the task yet: answers with its token are held back until it has. */
  isSubmitting: boolean;
  held?: Outcome;
}

interface Delivery {
  readonly outcome: Outcome;
  /** Called when what the outcome leads to is recorded. */
  readonly recorded: (() => void) | undefined;
}

/** Given as the reason of an abort, which would make an error with a stack of its own each time. */
const OVER = new Error('Nobody waits for this task any more');

type MapRunner = (request: MapRunRequest, signal: AbortSignal) => Promise<MapRunEnd>;

/**
 * The waits of one execution: tasks by `runTask`, map runs by `runMap`, times by `clock`; the first to end of a wait
 * decides it.
 */
export class LiveWaits implements Waits {
  readonly #clock: Clock;
  readonly #runTask: TaskRunner;
  readonly #runMap: MapRunner;
  readonly #waits = new Map<number, Wait>();
  readonly #outcomes: Delivery[] = [];
  /** Ids of the tasks that time does not skip past. */
  readonly #inFlight = new Set<number>();
  /** Gives an outcome to the interpreter that waits for one. */
  #give: ((outcome: Outcome | Promise<Outcome>) => void) | undefined;
  /** Of the outcome that the interpreter works on. */
  #recorded: (() => void) | undefined;

  constructor(clock: Clock, runTask: TaskRunner, runMap: MapRunner = rejectMapRun) {
    this.#clock = clock;
    this.#runTask = runTask;
    this.#runMap = runMap;
  }

  begin(effect: Effect): void {
    const { id, task, mapRun, taskToken } = effect;
    const begun = this.#waits.get(id);
    if (begun) {
      begun.effect = effect;
      this.#arm(begun);
      return;
    }
    // Whoever was given a token in an earlier process answers with it.
    const isGivenAway = taskToken !== undefined && task?.submitted !== undefined;
    const isTask = task !== undefined && !isGivenAway;
    const work = isTask || mapRun ? new AbortController() : undefined;
    const wait: Wait = { effect, cancelTimer: undefined, work, isSubmitting: isTask };
    this.#waits.set(id, wait);
    this.#arm(wait);
    if (task && work) void this.#doTask(wait, task, work);
    if (mapRun && work) void this.#doMapRun(wait, mapRun, work);
  }

  cancel(id: number): void {
    const wait = this.#waits.get(id);
    if (wait) this.#end(wait);
    this.#inFlight.delete(id); // a task that does not heed the signal may go on, but nothing waits for it
  }

  next(): Outcome | Promise<Outcome> {
    this.#recorded?.();
    this.#recorded = undefined;
    const outcome = this.#take();
    if (outcome) return inTurn(outcome);
    return new Promise((resolve) => {
      this.#give = resolve;
    });
  }

  /** Puts an outcome in the queue that no wait of the execution asked for. */
  interrupt(outcome: Outcome): void {
    this.#deliver(outcome);
  }

  /** Resolves when what the answer leads to is recorded; false when no wait has this token any more. */
  async answer(taskToken: string, answer: TaskAnswer): Promise<boolean> {
    const wait = [...this.#waits.values()].find(({ effect }) => effect.taskToken === taskToken);
    if (!wait || wait.held) return false;
    const { id } = wait.effect;
    if (answer.kind === 'heartbeat') this.#arm(wait);
    else if (answer.kind === 'started') await new Promise<void>((done) => this.#deliver({ id, ...answer }, done));
    else if (wait.isSubmitting) wait.held = { id, ...answer };
    else await new Promise<void>((done) => this.#settle(wait, { id, ...answer }, done));
    return true;
  }

  /** Ends every wait that is still under way. */
  dispose(): void {
    for (const wait of this.#waits.values()) this.#end(wait);
    this.#recorded?.();
    for (const { recorded } of this.#outcomes) recorded?.();
  }

  #deliver(outcome: Outcome, recorded?: () => void): void {
    this.#outcomes.push({ outcome, recorded });
    this.#wake();
  }

  /** The next outcome, if there is one; where no task is in flight, time skips to it. */
  #take(): Outcome | undefined {
    do {
      const delivery = this.#outcomes.shift();
      if (delivery) {
        this.#recorded = delivery.recorded;
        return delivery.outcome;
      }
    } while (this.#inFlight.size === 0 && this.#clock.skip?.());
    return undefined;
  }

  #wake(): void {
    const give = this.#give;
    if (!give) return;
    this.#give = undefined; // a wait that time skips to wakes nobody
    const outcome = this.#take();
    if (outcome) give(inTurn(outcome));
    else this.#give = give;
  }

  #end(wait: Wait): void {
    this.#waits.delete(wait.effect.id);
    wait.cancelTimer?.();
    wait.work?.abort(OVER);
  }

  #settle(wait: Wait, outcome: Outcome, recorded?: () => void): void {
    if (this.#waits.get(wait.effect.id) !== wait) return; // something else ended the wait first
    this.#end(wait);
    this.#deliver(outcome, recorded);
  }

  #arm(wait: Wait): void {
    wait.cancelTimer?.();
    const { id, taskToken, until = Number.POSITIVE_INFINITY, heartbeatMs = Number.POSITIVE_INFINITY } = wait.effect;
    const time = Math.min(until, this.#clock.now() + heartbeatMs);
    if (!Number.isFinite(time)) return;
    const elapse = (): void => this.#settle(wait, { id, kind: 'elapsed' });
    const at = taskToken === undefined ? this.#clock.at : (this.#clock.deadline ?? this.#clock.at);
    wait.cancelTimer = at(time, elapse);
  }

  async #doTask(wait: Wait, task: TaskRequest, work: AbortController): Promise<void> {
    const { id } = wait.effect;
    this.#inFlight.add(id);
    try {
      const answer = await this.#runTask(task, work);
      wait.isSubmitting = false;
      if (this.#waits.get(id) !== wait) return;
      if (answer instanceof Submitted) this.#deliver({ id, kind: 'submitted', output: answer.output });
      const result = answer instanceof Submitted ? await answer.finish?.() : answer;
      if (typeof result === 'string') this.#finish(wait, { id, kind: 'succeeded', result });
      if (wait.held) this.#settle(wait, wait.held);
    } catch (error) {
      const { error: name, cause } = error instanceof StateFailure ? error : unexpected(error);
      this.#finish(wait, { id, kind: 'failed', error: name, cause });
    } finally {
      this.#inFlight.delete(id);
      this.#wake();
    }
  }

  /** Settles a wait whose work is done. */
  #finish(wait: Wait, outcome: Outcome): void {
    wait.work = undefined;
    this.#settle(wait, outcome);
  }

  async #doMapRun(wait: Wait, request: MapRunRequest, work: AbortController): Promise<void> {
    const { id } = wait.effect;
    this.#inFlight.add(id);
    const { outcome, time } = await this.#runMap(request, work.signal);
    this.#inFlight.delete(id);
    const finish = (): void => this.#finish(wait, { id, ...outcome });
    // Children whose waits are skipped may be ahead of their parent, which skips to where they are.
    if (time > this.#clock.now() && this.#waits.get(id) === wait) wait.cancelTimer = this.#clock.at(time, finish);
    else finish();
    this.#wake();
  }
}

/** The outcome, when there is time for what follows from it: a thousand waits may end at the same time. */
function inTurn(outcome: Outcome): Outcome | Promise<Outcome> {
  const turn = pause();
  return turn ? turn.then(() => outcome) : outcome;
}

/** A runner that throws anything but a StateFailure has a bug; the execution fails and says so. */
function unexpected(error: unknown): StateFailure {
  return new StateFailure(
    'States.Runtime',
    `The task could not be run: ${error instanceof Error ? error.stack : error}`,
  );
}

async function rejectMapRun({ mapRunArn }: MapRunRequest): Promise<never> {
  throw new Error(`Nothing runs the map run ${mapRunArn} here`);
}
