import type { Cut, Effect, Fork, Outcome, Process } from './effects.ts';

/** What a process waits for, or what it came to. */
export type Step<T> = IteratorResult<Effect | Fork | Cut, T>;

/** Gives the value that a promise settles with. Throws what it rejects with. */
export function* settle<T>(promise: Promise<T>): Process<T> {
  let value: T | undefined;
  yield promise.then((settled) => {
    value = settled;
  });
  return value as T;
}

/** Lets a process go on to its next wait, or to its end: at once, unless a promise must settle on the way. */
export function advance<T>(process: Process<T>, outcome?: Outcome): Step<T> | Promise<Step<T>> {
  const step = outcome ? process.next(outcome) : process.next();
  return isPending(step) ? advanceSettled(process, step) : (step as Step<T>);
}

async function advanceSettled<T>(process: Process<T>, pending: IteratorYieldResult<Promise<void>>): Promise<Step<T>> {
  let step: ReturnType<Process<T>['next']> = pending;
  while (isPending(step)) {
    step = await step.value.then(
      () => process.next(),
      (error) => process.throw(error),
    );
  }
  return step as Step<T>;
}

function isPending<T>(step: ReturnType<Process<T>['next']>): step is IteratorYieldResult<Promise<void>> {
  return !step.done && 'then' in step.value;
}
