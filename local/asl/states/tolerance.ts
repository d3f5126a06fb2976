import type { Process } from '../effects.ts';
import { STATES_ERRORS } from '../error-names.ts';
import { StateFailure } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { Thresholds } from '../map-run.ts';
import type { QueryLanguage } from '../query/language.ts';
import type { Template } from '../query/template.ts';
import type { StateRun } from '../state-run.ts';

interface ToleranceFields {
  readonly count: Template<number> | undefined;
  readonly percentage: Template<number> | undefined;
}

export function compileTolerance(definition: JsonObject, query: QueryLanguage): ToleranceFields {
  return {
    count: query.compileCount(definition, 'ToleratedFailureCount'),
    percentage: query.compilePercentage(definition, 'ToleratedFailurePercentage'),
  };
}

export function* readThresholds(run: StateRun, { count, percentage }: ToleranceFields): Process<Thresholds> {
  const thresholds = {
    count: count && (yield* run.evaluate(count)),
    percentage: percentage && (yield* run.evaluate(percentage)),
  };
  run.inspect({
    ...(thresholds.count !== undefined && { toleratedFailureCount: thresholds.count }),
    ...(thresholds.percentage !== undefined && { toleratedFailurePercentage: thresholds.percentage }),
  });
  return thresholds;
}

/** Whether more items failed than are tolerated; where there are two thresholds, the first to be exceeded decides. */
export function isExceeded({ count, percentage }: Thresholds, failures: number, items: number): boolean {
  if (count === undefined && percentage === undefined) return failures > 0;
  const isOverCount = count !== undefined && failures > count;
  return isOverCount || (percentage !== undefined && (failures / items) * 100 > percentage);
}

/** Throws States.ExceedToleratedFailureThreshold where there is a threshold and more failed than it allows. */
export function checkThresholds(thresholds: Thresholds, failures: number, items: number): void {
  const hasThreshold = thresholds.count !== undefined || thresholds.percentage !== undefined;
  if (hasThreshold && isExceeded(thresholds, failures, items)) throw thresholdExceeded();
}

export function thresholdExceeded(): StateFailure {
  const cause = 'The specified tolerated failure threshold was exceeded';
  return new StateFailure(STATES_ERRORS.exceedToleratedFailureThreshold, cause);
}
