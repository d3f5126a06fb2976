/** How long executions may keep others from running. */
const SLICE_MS = 10;

/**
 * What all executions of the process share: time that they may go on in, until the event loop must have its turn. It
 * gives a promise of that turn when the time is used up.
 */
export function createPause(now: () => number = () => performance.now()): () => Promise<void> | undefined {
  let began = 0;
  let turn: Promise<void> | undefined;
  return () => {
    if (turn) return now() - began < SLICE_MS ? undefined : turn;
    began = now();
    turn = new Promise((resolve) => {
      setImmediate(() => {
        turn = undefined;
        resolve();
      });
    });
    return undefined;
  };
}
