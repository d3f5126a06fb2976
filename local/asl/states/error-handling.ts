import type { Process } from '../effects.ts';
import { matchesError, STATES_ERRORS, StateFailure } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import { createRandom } from '../random.ts';
import { type Retrier, RetryCounter } from '../retry.ts';
import type { StateRun } from '../state-run.ts';
import type { Exit, Transition } from '../transition.ts';
import { compileExit, type State } from './state.ts';

interface Catcher {
  readonly errorEquals: readonly string[];
  readonly exit: Exit;
}

/**
 * Puts a state's Retry and Catch around its work, which is done anew for each attempt. `onFailed` is called when no
 * attempt is left, before Catch, and again when that fails.
 */
export function withErrorHandling(
  definition: JsonObject,
  work: State['run'],
  onFailed?: (run: StateRun) => void,
): State['run'] {
  const retriers = (definition['Retry'] ?? []) as unknown as readonly Retrier[];
  const catchers = ((definition['Catch'] ?? []) as JsonObject[]).map((catcher, index) => ({
    errorEquals: catcher['ErrorEquals'] as string[],
    exit: compileExit(catcher, `Catch[${index}]/`),
  }));
  const giveUp = (run: StateRun, failure: StateFailure): void => {
    // States.Runtime ends the execution, and nothing is recorded of the state.
    if (failure.error !== STATES_ERRORS.runtime) onFailed?.(run);
  };
  return async function* (run) {
    const retries = new RetryCounter(retriers);
    for (;;) {
      try {
        return yield* work(run);
      } catch (error) {
        if (!(error instanceof StateFailure)) throw error;
        if (yield* waitForRetry(run, retries, error)) continue;
        giveUp(run, error);
        const catcher = catchers.find(({ errorEquals }) => matchesError(errorEquals, error.error));
        if (!catcher) throw error;
        return leaveThroughCatch(run, catcher, error, giveUp);
      }
    }
  };
}

/** Waits for the next attempt; false when there is none. */
async function* waitForRetry(run: StateRun, retries: RetryCounter, failure: StateFailure): Process<boolean> {
  const retry = retries.next(failure.error);
  if (!retry) return false;
  const { id, timestamp } = run.lastEvent;
  const share = retry.hasJitter ? createRandom(`${run.scope.executionArn}#${id} jitter`).next() : 1;
  yield { id, until: timestamp + Math.round(retry.delaySeconds * 1000 * share) };
  run.retryCount += 1;
  return true;
}

/** Leaves through a catcher; `giveUp` is told when that fails in turn. */
async function leaveThroughCatch(
  run: StateRun,
  { exit }: Catcher,
  failure: StateFailure,
  giveUp: (run: StateRun, failure: StateFailure) => void,
): Promise<Transition> {
  const errorOutput = failure.toErrorOutput();
  try {
    return await run.leave(exit, errorOutput, { errorOutput });
  } catch (error) {
    if (error instanceof StateFailure) giveUp(run, error);
    throw error;
  }
}
