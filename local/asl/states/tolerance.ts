import { STATES_ERRORS, StateFailure } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { QueryLanguage } from '../query/language.ts';
import type { Template } from '../query/template.ts';
import type { StateRun } from '../state-run.ts';

interface ToleranceFields {
  readonly count: Template<number> | undefined;
  readonly percentage: Template<number> | undefined;
}

/** How many items of a Map may fail. */
export interface Tolerance {
  /**
   * Returns when so many failures are tolerated. Throws the failure itself where the Map tolerates none, and
   * States.ExceedToleratedFailureThreshold where it tolerates fewer.
   */
  check(failures: number, failure: StateFailure): void;
  /** Throws States.ExceedToleratedFailureThreshold where fewer are tolerated than these. */
  checkThreshold(failures: number): void;
}

export function compileTolerance(definition: JsonObject, query: QueryLanguage): ToleranceFields {
  return {
    count: query.compileCount(definition, 'ToleratedFailureCount'),
    percentage: query.compilePercentage(definition, 'ToleratedFailurePercentage'),
  };
}

/** Evaluates the thresholds of a Map over a number of items; where there are two, the first to be exceeded decides. */
export async function readTolerance(
  run: StateRun,
  { count, percentage }: ToleranceFields,
  items: number,
): Promise<Tolerance> {
  const maxCount = count ? await run.evaluate(count) : Number.POSITIVE_INFINITY;
  const maxPercentage = percentage ? await run.evaluate(percentage) : 100;
  run.inspect({
    ...(count && { toleratedFailureCount: maxCount }),
    ...(percentage && { toleratedFailurePercentage: maxPercentage }),
  });
  const tolerance: Tolerance = {
    check(failures, failure) {
      if (!count && !percentage) throw failure;
      tolerance.checkThreshold(failures);
    },
    checkThreshold(failures) {
      if (failures <= maxCount && (failures / items) * 100 <= maxPercentage) return;
      const cause = 'The specified tolerated failure threshold was exceeded';
      throw new StateFailure(STATES_ERRORS.exceedToleratedFailureThreshold, cause);
    },
  };
  return tolerance;
}
