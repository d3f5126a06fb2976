import { type TaskRunner, UNANSWERED } from '../tasks/task.ts';
import type { Clock } from './clock.ts';

export interface ActivityTask {
  readonly taskToken: string;
  /** JSON text. */
  readonly input: string;
}

/** Tasks that wait for a worker, by activity, the oldest first. */
export interface ActivityQueue {
  /** Queues a task for the workers; its end comes with its token. */
  readonly runTask: TaskRunner;
  /** Takes the next task of an activity, waiting until the time given; undefined when there is none. */
  take(activityArn: string, until: number, signal: AbortSignal): Promise<ActivityTask | undefined>;
}

export function createActivityQueue(clock: Clock): ActivityQueue {
  const tasks = new Map<string, Set<ActivityTask>>();
  const workers = new Map<string, Set<(task: ActivityTask) => void>>();

  return {
    async runTask({ resource, arguments: input, taskToken = '' }, { signal }) {
      const task = { taskToken, input };
      const worker = firstOf(workers.get(resource));
      if (worker) worker(task);
      else {
        const waiting = setOf(tasks, resource);
        waiting.add(task);
        signal.addEventListener('abort', () => waiting.delete(task), { once: true });
      }
      return UNANSWERED;
    },
    async take(activityArn, until, signal) {
      const task = firstOf(tasks.get(activityArn));
      if (task) {
        tasks.get(activityArn)?.delete(task);
        return task;
      }
      if (signal.aborted) return undefined;
      return new Promise((resolve) => {
        const waiting = setOf(workers, activityArn);
        const leave = (found?: ActivityTask): void => {
          waiting.delete(leave);
          cancel();
          signal.removeEventListener('abort', give);
          resolve(found);
        };
        const give = (): void => leave();
        const cancel = clock.at(until, give);
        signal.addEventListener('abort', give, { once: true });
        waiting.add(leave);
      });
    },
  };
}

function firstOf<T>(items: Set<T> | undefined): T | undefined {
  return items?.values().next().value;
}

function setOf<T>(sets: Map<string, Set<T>>, key: string): Set<T> {
  const existing = sets.get(key) ?? new Set<T>();
  sets.set(key, existing);
  return existing;
}
