import type { Effect, Outcome } from '../asl/effects.ts';
import { StateFailure } from '../asl/errors.ts';
import type { Outside } from '../asl/interpreter.ts';
import type { MapRunRequest } from '../asl/map-run.ts';
import { Submitted, type TaskRunner, UNANSWERED } from '../tasks/task.ts';
import type { Clock } from './clock.ts';
import type { MapRunEnd } from './map-run.ts';
import { createPause } from './pause.ts';

/** What is sent with a task token. */
export type TaskAnswer =
  | { readonly kind: 'started'; readonly workerName?: string | undefined }
  | { readonly kind: 'heartbeat' }
  | { readonly kind: 'succeeded'; readonly result: string }
  | { readonly kind: 'failed'; readonly error?: string | undefined; readonly cause?: string | undefined };

export interface LiveOutside extends Omit<Outside, 'record' | 'begin'> {
  begin(effect: Effect): void;
  /** Puts an outcome in the queue that no wait of the execution asked for. */
  interrupt(outcome: Outcome): void;
  /** Resolves when what the answer leads to is recorded; false when no wait has this token any more. */
  answer(taskToken: string, answer: TaskAnswer): Promise<boolean>;
  /** Ends every wait that is still under way. */
  dispose(): void;
}

interface Wait {
  effect: Effect;
  cancelTimer: (() => void) | undefined;
  readonly work: AbortController | undefined;
  /** Whether the service has not taken the task yet: answers with its token are held back until it has. */
  isSubmitting: boolean;
  held?: Outcome;
}

const pause = createPause();

/** Given as the reason of an abort, which would make an error with a stack of its own each time. */
const OVER = new Error('Nobody waits for this task any more');

type MapRunner = (request: MapRunRequest, signal: AbortSignal) => Promise<MapRunEnd>;

/**
 * Runs the waits of one execution: tasks by `runTask`, map runs by `runMap`, times by `clock`; the first to end of a wait
 * decides it.
 */
export function createOutside(clock: Clock, runTask: TaskRunner, runMap: MapRunner = rejectMapRun): LiveOutside {
  const waits = new Map<number, Wait>();
  const byToken = new Map<string, Wait>();
  const outcomes: { readonly outcome: Outcome; readonly recorded: (() => void) | undefined }[] = [];
  /** Ids of the tasks that time does not skip past. */
  const inFlight = new Set<number>();
  let wake: (() => void) | undefined;
  /** Of the outcome that the interpreter works on. */
  let recorded: (() => void) | undefined;

  const deliver = (outcome: Outcome, recorded?: () => void): void => {
    outcomes.push({ outcome, recorded });
    wake?.();
  };
  const end = (wait: Wait): void => {
    const { id, taskToken } = wait.effect;
    waits.delete(id);
    if (taskToken !== undefined) byToken.delete(taskToken);
    wait.cancelTimer?.();
    wait.work?.abort(OVER);
  };
  const settle = (wait: Wait, outcome: Outcome, recorded?: () => void): void => {
    if (waits.get(wait.effect.id) !== wait) return; // something else ended the wait first
    end(wait);
    deliver(outcome, recorded);
  };
  const arm = (wait: Wait): void => {
    wait.cancelTimer?.();
    const { id, taskToken, until = Number.POSITIVE_INFINITY, heartbeatMs = Number.POSITIVE_INFINITY } = wait.effect;
    const time = Math.min(until, clock.now() + heartbeatMs);
    if (!Number.isFinite(time)) return;
    const elapse = (): void => settle(wait, { id, kind: 'elapsed' });
    const at = taskToken === undefined ? clock.at : (clock.deadline ?? clock.at);
    wait.cancelTimer = at(time, elapse);
  };
  const run = async (wait: Wait, task: NonNullable<Effect['task']>, signal: AbortSignal) => {
    const { id } = wait.effect;
    inFlight.add(id);
    try {
      const result = await runTask(task, signal);
      wait.isSubmitting = false;
      if (waits.get(id) !== wait) return;
      if (result instanceof Submitted) {
        deliver({ id, kind: 'submitted', output: result.output });
        if (result.finish) settle(wait, { id, kind: 'succeeded', result: await result.finish() });
      } else if (result !== UNANSWERED) settle(wait, { id, kind: 'succeeded', result });
      if (wait.held) settle(wait, wait.held);
    } catch (error) {
      const { error: name, cause } = error instanceof StateFailure ? error : unexpected(error);
      settle(wait, { id, kind: 'failed', error: name, cause });
    } finally {
      inFlight.delete(id);
      wake?.();
    }
  };
  const runMapRun = async (wait: Wait, request: MapRunRequest, signal: AbortSignal) => {
    const { id } = wait.effect;
    inFlight.add(id);
    const { outcome, time } = await runMap(request, signal);
    inFlight.delete(id);
    const finish = (): void => settle(wait, { id, ...outcome });
    // Children whose waits are skipped may be ahead of their parent, which skips to where they are.
    if (time > clock.now() && waits.get(id) === wait) wait.cancelTimer = clock.at(time, finish);
    else finish();
    wake?.();
  };

  return {
    begin(effect) {
      const { id, task, mapRun, taskToken } = effect;
      const begun = waits.get(id);
      if (begun) {
        begun.effect = effect;
        arm(begun);
        return;
      }
      // Whoever was given a token in an earlier process answers with it.
      const isGivenAway = taskToken !== undefined && task?.submitted !== undefined;
      const isTask = task !== undefined && !isGivenAway;
      const controller = isTask || mapRun ? new AbortController() : undefined;
      const wait: Wait = { effect, cancelTimer: undefined, work: controller, isSubmitting: isTask };
      waits.set(id, wait);
      if (taskToken !== undefined) byToken.set(taskToken, wait);
      arm(wait);
      if (task && controller) void run(wait, task, controller.signal);
      if (mapRun && controller) void runMapRun(wait, mapRun, controller.signal);
    },
    cancel(id) {
      const wait = waits.get(id);
      if (wait) end(wait);
      inFlight.delete(id); // a task that does not heed the signal may go on, but nothing waits for it
    },
    async next() {
      recorded?.();
      for (;;) {
        const next = outcomes.shift();
        if (next) {
          const turn = pause(); // a thousand waits may end at the same time
          if (turn) await turn;
          recorded = next.recorded;
          return next.outcome;
        }
        if (inFlight.size === 0 && clock.skip?.()) continue;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        wake = undefined;
      }
    },
    pause,
    interrupt: deliver,
    async answer(taskToken, answer) {
      const wait = byToken.get(taskToken);
      if (!wait || wait.held) return false;
      const { id } = wait.effect;
      if (answer.kind === 'heartbeat') arm(wait);
      else if (answer.kind === 'started') await new Promise<void>((done) => deliver({ id, ...answer }, done));
      else if (wait.isSubmitting) wait.held = { id, ...answer };
      else await new Promise<void>((done) => settle(wait, { id, ...answer }, done));
      return true;
    },
    dispose() {
      for (const wait of waits.values()) end(wait);
      for (const done of [recorded, ...outcomes.map(({ recorded }) => recorded)]) done?.();
    },
  };
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
