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
  let tasksInFlight = 0;
  let wake: (() => void) | undefined;

  const deliver = (outcome: Outcome): void => {
    outcomes.push(outcome);
    wake?.();
  };
  const settle = (outcome: Outcome): void => {
    const wait = waits.get(outcome.id);
    if (!wait) return; // something else ended the wait first
    waits.delete(outcome.id);
    wait.cancelTimer?.();
    wait.task?.abort();
    deliver(outcome);
  };
  const run = async ({ id, task }: Effect & { task: NonNullable<Effect['task']> }, signal: AbortSignal) => {
    tasksInFlight += 1;
    try {
      const result = await runTask(task, signal);
      if (result !== UNANSWERED) settle({ id, kind: 'succeeded', result });
    } catch (error) {
      const { error: name, cause } = error instanceof TaskError ? error : unexpected(error);
      settle({ id, kind: 'failed', error: name, cause });
    } finally {
      tasksInFlight -= 1;
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
    async next() {
      for (;;) {
        const outcome = outcomes.shift();
        if (outcome) return outcome;
        if (clock.skip && tasksInFlight === 0) clock.skip();
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
      for (const { cancelTimer, task } of waits.values()) {
        cancelTimer?.();
        task?.abort();
      }
      waits.clear();
    },
  };
}

/** A runner that throws anything but a TaskError has a bug; the execution fails and says so. */
function unexpected(error: unknown): TaskError {
  return new TaskError('States.Runtime', `The task could not be run: ${error instanceof Error ? error.stack : error}`);
}
