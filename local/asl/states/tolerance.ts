import { STATES_ERRORS, StateFailure } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { Template } from '../query/jsonata.ts';
import type { StateRun } from '../state-run.ts';
import { compileField } from './state.ts';

interface ToleranceFields {
  readonly count: Template | undefined;
  readonly percentage: Template | undefined;
}

/** How many items of a Map may fail. */
export interface Tolerance {
  /**
   * Returns when so many failures are tolerated. Throws the failure itself where the Map tolerates none, and
   * States.ExceedToleratedFailureThreshold where it tolerates fewer.
   */
  check(failures: number, failure: StateFailure): void;
}

export function compileTolerance(definition: JsonObject): ToleranceFields {
  return {
    count: compileField(definition, 'ToleratedFailureCount'),
    percentage: compileField(definition, 'ToleratedFailurePercentage'),
  };
}

/** Evaluates the thresholds of a Map over a number of items; where there are two, the first to be exceeded decides. */
export async function readTolerance(
  run: StateRun,
  { count, percentage }: ToleranceFields,
  items: number,
): Promise<Tolerance> {
  const maxCount = count ? await readCount(run, count) : Number.POSITIVE_INFINITY;
  const maxPercentage = percentage ? await readPercentage(run, percentage) : 100;
  return {
    check(failures, failure) {
      if (!count && !percentage) throw failure;
      if (failures <= maxCount && (failures / items) * 100 <= maxPercentage) return;
      const cause = 'The specified tolerated failure threshold was exceeded';
      throw new StateFailure(STATES_ERRORS.exceedToleratedFailureThreshold, cause);
    },
  };
}

async function readCount(run: StateRun, template: Template): Promise<number> {
  const count = await run.evaluateAs('number', template);
  if (Number.isInteger(count) && count >= 0) return count;
  throw run.rejectValue(
    template,
    `The field 'ToleratedFailureCount' must be a non-negative integer, but was: ${count}`,
  );
}

async function readPercentage(run: StateRun, template: Template): Promise<number> {
  const percentage = await run.evaluateAs('number', template);
  if (percentage >= 0 && percentage <= 100) return percentage;
  const why = `The field 'ToleratedFailurePercentage' must be a number from 0 to 100, but was: ${percentage}`;
  throw run.rejectValue(template, why);
}
