import type { Process } from '../effects.ts';
import { matchesError, STATES_ERRORS, StateFailure } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { QueryLanguage } from '../query/language.ts';
import { createRandom } from '../random.ts';
import { type Retrier, RetryCounter } from '../retry.ts';
import type { StateRun } from '../state-run.ts';
import type { Transition } from '../transition.ts';
import type { State } from './state.ts';

/**
 * Puts a state's Retry and Catch around its work, which is done anew for each attempt. A state of children, of the type
 * given, records that it failed when no attempt is left, before Catch, and again when that fails.
 */
export function withErrorHandling(
  definition: JsonObject,
  query: QueryLanguage,
  work: (run: StateRun) => Process<Transition>,
  type?: 'Parallel' | 'Map',
): State['run'] {
  const retriers = (definition['Retry'] ?? []) as unknown as readonly Retrier[];
  const catchers = ((definition['Catch'] ?? []) as JsonObject[]).map((catcher, index) => ({
    errorEquals: catcher['ErrorEquals'] as string[],
    exit: query.compileCatcherExit(catcher, `Catch[${index}]`),
  }));
  const giveUp = (run: StateRun, { error }: StateFailure): void => {
    // States.Runtime ends the execution, and nothing is recorded of the state.
    if (type && error !== STATES_ERRORS.runtime) run.recordFailed(type);
  };
  return function* (run) {
    const retries = new RetryCounter(retriers, run.scope.testing?.retryCount);
    for (;;) {
      try {
        return yield* work(run);
      } catch (error) {
        if (!(error instanceof StateFailure)) throw error;
        run.inspect({ failure: error });
        if (yield* waitForRetry(run, retries, error)) continue;
        giveUp(run, error);
        const catchIndex = catchers.findIndex(({ errorEquals }) => matchesError(errorEquals, error.error));
        const catcher = catchers[catchIndex];
        if (!catcher) throw error;
        run.inspect({ catchIndex });
        try {
          const errorOutput = query.describeFailure(error);
          return yield* run.leave(catcher.exit, errorOutput, { errorOutput });
        } catch (failure) {
          if (failure instanceof StateFailure) giveUp(run, failure);
          throw failure;
        }
      }
    }
  };
}

/** Waits for the next attempt; false when there is none. */
function* waitForRetry(run: StateRun, retries: RetryCounter, failure: StateFailure): Process<boolean> {
  const retryIndex = retries.find(failure.error);
  if (retryIndex !== undefined) run.inspect({ retryIndex });
  const retry = retries.next(failure.error);
  if (!retry) return false;
  run.inspect({ retryDelaySeconds: retry.delaySeconds });
  const { id, timestamp } = run.lastEvent;
  const share = retry.hasJitter ? createRandom(`${run.scope.executionArn}#${id} jitter`).next() : 1;
  yield { id, until: timestamp + Math.round(retry.delaySeconds * 1000 * share) };
  run.retryCount += 1;
  return true;
}
