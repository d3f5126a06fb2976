/** How long executions may keep others from running. */
const SLICE_MS = 10;

/**
 * Time that executions may go on in, until the event loop must have its turn. It gives a promise to those for whom no time
 * is left: they go on in later slices, the first to have asked first, and no more of them in one than there is time
 * for.
 */
export function createPause(now: () => number = () => performance.now()): () => Promise<void> | undefined {
  const waiting: (() => void)[] = [];
  let began = 0;
  let isOpen = false;

  const hasTime = (): boolean => now() - began < SLICE_MS;
  const open = (): void => {
    isOpen = true;
    began = now();
    setImmediate(() => {
      isOpen = false;
      if (waiting.length > 0) {
        open();
        release();
      }
    });
  };
  const release = (): void => {
    if (!hasTime()) return;
    waiting.shift()?.();
    if (waiting.length > 0) queueMicrotask(release); // what was let go runs meanwhile
  };
  return () => {
    if (!isOpen) open();
    return hasTime() ? undefined : new Promise((resolve) => waiting.push(resolve));
  };
}

/** What all executions of the process share. */
export const pause = createPause();
