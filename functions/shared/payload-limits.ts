/**
 * A state's payload may have 256 KiB of UTF-8 ("Maximum input or output size for a task, state, or execution", Step
 * Functions quotas). What is left beside these is for Lambda's result wrapper, and for what states pass with them.
 */

/** Most bytes of a request with its defaults filled in, as JSON. */
export const MOST_REQUEST_BYTES = 200 * 1024;

/** Most bytes of an answer that is passed on as a whole, as JSON. */
export const MOST_RESPONSE_BYTES = 200 * 1024;
