import type { Process } from '../effects.ts';
import { matchesError, STATES_ERRORS } from '../error-names.ts';
import { StateFailure } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { QueryLanguage } from '../query/language.ts';
import { createRandom } from '../random.ts';
import { type Retrier, RetryCounter } from '../retry.ts';
import type { StateRun } from '../state-run.ts';
import type { Transition } from '../transition.ts';
import type { State } from './state.ts';

/** One attempt of what a state does. Returns a failure of that, or throws it: returning is the quicker way. */
type Work = (run: StateRun) => Process<Transition | StateFailure>;

/**
 * Puts a state's Retry and Catch around its work, which is done anew for each attempt. A state of children, of the type
 * given, records that it failed when no attempt is left, before Catch, and again when that fails.
 */
export function withErrorHandling(
  definition: JsonObject,
  query: QueryLanguage,
  work: Work,
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
    let retries: RetryCounter | undefined;
    for (;;) {
      const end = yield* attempt(run, work);
      if (!(end instanceof StateFailure)) return end;
      run.inspect({ failure: end });
      retries ??= new RetryCounter(retriers, run.scope.testing?.retryCount);
      if (yield* waitForRetry(run, retries, end)) continue;
      giveUp(run, end);
      const catchIndex = catchers.findIndex(({ errorEquals }) => matchesError(errorEquals, end.error));
      const catcher = catchers[catchIndex];
      if (!catcher) throw end;
      run.inspect({ catchIndex });
      const errorOutput = query.describeFailure(end);
      const caught = yield* attempt(run, () => run.leave(catcher.exit, errorOutput, { errorOutput }));
      if (!(caught instanceof StateFailure)) return caught;
      giveUp(run, caught);
      throw caught;
    }
  };
}

/** Gives what one attempt comes to, a failure that was thrown as well. */
function* attempt(run: StateRun, work: Work): Process<Transition | StateFailure> {
  try {
    return yield* work(run);
  } catch (error) {
    if (error instanceof StateFailure) return error;
    throw error;
  }
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
