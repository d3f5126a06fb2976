import { STATES_ERRORS } from './error-names.ts';
import { StateFailure } from './errors.ts';

/** "Maximum input or output size for a task, state, or execution" (Step Functions quotas), in bytes of UTF-8. */
export const MAX_PAYLOAD_BYTES = 262_144;

export function isTooLarge(text: string): boolean {
  // A UTF-16 unit takes at most 3 bytes of UTF-8, so most texts need no counting.
  return text.length * 3 > MAX_PAYLOAD_BYTES && Buffer.byteLength(text) > MAX_PAYLOAD_BYTES;
}

/** The failure of a state or task whose result is over the limit; `name` is the state's, or the task's resource type. */
export function dataLimitExceeded(name: string): StateFailure {
  return new StateFailure(
    STATES_ERRORS.dataLimitExceeded,
    `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}
