import type { Effect, Outcome } from '../asl/effects.ts';
import type { Outside } from '../asl/interpreter.ts';
import { TaskError, type TaskRunner, UNANSWERED } from '../tasks/task.ts';
import type { Clock } from './clock.ts';

export interface LiveOutside extends Omit<Outside, 'record'> {
  /** Puts an outcome in the queue that no wait of the execution asked for. */
  interrupt(outcome: Outcome): void;
  /** Ends every wait that is still under way. */
  dispose(): void;
}

interface Wait {
  readonly cancelTimer: (() => void) | undefined;
  readonly task: AbortController | undefined;
}

/** Runs the waits of one execution: tasks by `runTask`, times by `clock`; the first to end of a wait decides it. */
export function createOutside(clock: Clock, runTask: TaskRunner): LiveOutside {
  const waits = new Map<number, Wait>();
  const outcomes: Outcome[] = [];
  /** Ids of the tasks that time does not skip past. */
  const inFlight = new Set<number>();
  let wake: (() => void) | undefined;

  const deliver = (outcome: Outcome): void => {
    outcomes.push(outcome);
    wake?.();
  };
  /** Ends a wait; false when it had ended before. */
  const release = (id: number): boolean => {
    const wait = waits.get(id);
    waits.delete(id);
    wait?.cancelTimer?.();
    wait?.task?.abort();
    return wait !== undefined;
  };
  const settle = (outcome: Outcome): void => {
    if (release(outcome.id)) deliver(outcome);
  };
  const run = async ({ id, task }: Effect & { task: NonNullable<Effect['task']> }, signal: AbortSignal) => {
    inFlight.add(id);
    try {
      const result = await runTask(task, signal);
      if (result !== UNANSWERED) settle({ id, kind: 'succeeded', result });
    } catch (error) {
      const { error: name, cause } = error instanceof TaskError ? error : unexpected(error);
      settle({ id, kind: 'failed', error: name, cause });
    } finally {
      inFlight.delete(id);
      wake?.();
    }
  };

  return {
    begin(effect) {
      const { id, until, task } = effect;
      const cancelTimer = until === undefined ? undefined : clock.at(until, () => settle({ id, kind: 'elapsed' }));
      const controller = task && new AbortController();
      waits.set(id, { cancelTimer, task: controller });
      if (task && controller) void run({ ...effect, task }, controller.signal);
    },
    cancel(id) {
      release(id);
      inFlight.delete(id); // a task that does not heed the signal may go on, but nothing waits for it
    },
    async next() {
      for (;;) {
        const outcome = outcomes.shift();
        if (outcome) return outcome;
        if (clock.skip && inFlight.size === 0) clock.skip();
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
          wake = undefined;
        }
      }
    },
    interrupt: deliver,
    dispose() {
      for (const id of [...waits.keys()]) release(id);
    },
  };
}

/** A runner that throws anything but a TaskError has a bug; the execution fails and says so. */
function unexpected(error: unknown): TaskError {
  return new TaskError('States.Runtime', `The task could not be run: ${error instanceof Error ? error.stack : error}`);
}
