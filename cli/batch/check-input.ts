import { InvalidInputError } from '../../functions/shared/errors.ts';
import type { RequestDefaults } from '../../functions/shared/model-settings.ts';
import { createValidateInput } from '../../functions/validate-input/validate-input.ts';
import type { CheckInput } from './staging.ts';

const SILENT = { info() {}, warn() {}, error() {} };

/** Whether the object of a promptUri is there is seen when it is read: a look at each would take hours. */
const UNSEEN = { size: async () => 1 };

/** Checks inputs by the function that will check them again when they run. */
export function createInputCheck(
  deployedModelIds: readonly string[],
  promptLocations: readonly string[],
  defaults: RequestDefaults,
): CheckInput {
  const validate = createValidateInput({
    log: SILENT,
    store: UNSEEN,
    promptLocations,
    now: Date.now,
    logContent: false,
    deployedModelIds,
    defaults,
  });
  return async (input) => {
    try {
      await validate({ input, executionId: '', executionName: 'prompt' });
      return [];
    } catch (error) {
      if (error instanceof InvalidInputError) return error.problems;
      throw error;
    }
  };
}
