import type { Database } from './database.ts';
import { StoreError } from './store.ts';

export interface GroupCommit {
  /** Adds a write to the next commit, which comes when the event loop comes round. */
  add(write: () => void): void;
  /** Commits what was added so far, at once. Throws what the database throws; then it all stays to be committed. */
  commit(): void;
  /** Resolves when all that was added so far is committed; rejects with a StoreError when that fails. */
  flush(): Promise<void>;
}

interface Waiter {
  resolve(): void;
  reject(error: unknown): void;
}

/** What is committed at the latest as soon as the code that adds it is through: about 10 ms of an event loop's turn. */
const MOST_WRITES = 500;

/** How long after a failed commit, on a full disk for instance, the next one is tried. */
const RETRY_MS = 1000;

/** Gathers the writes of one turn of the event loop into one transaction, or a few. */
export function createGroupCommit(database: Database, committed: () => void): GroupCommit {
  let writes: (() => void)[] = [];
  let waiters: Waiter[] = [];
  let timer: NodeJS.Immediate | undefined;

  const apply = database.transaction(() => {
    for (const write of writes) write();
  });
  const tell = (how: (waiter: Waiter) => void): void => {
    const told = waiters;
    waiters = [];
    told.forEach(how);
  };
  const commit = (): void => {
    if (writes.length === 0) return;
    apply();
    writes = [];
    committed();
    tell(({ resolve }) => resolve());
  };
  const tryToCommit = (): void => {
    clearImmediate(timer);
    timer = undefined;
    try {
      commit();
    } catch (error) {
      const why = `The data folder cannot be written: ${(error as Error).message}`;
      tell(({ reject }) => reject(new StoreError(why, { cause: error })));
      setTimeout(schedule, RETRY_MS).unref();
    }
  };
  const schedule = (): void => {
    timer ??= setImmediate(tryToCommit);
  };
  return {
    add(write) {
      writes.push(write);
      schedule();
      if (writes.length === MOST_WRITES) queueMicrotask(tryToCommit);
    },
    commit,
    flush() {
      if (writes.length === 0) return Promise.resolve();
      return new Promise((resolve, reject) => {
        waiters.push({ resolve, reject });
        schedule();
      });
    },
  };
}
