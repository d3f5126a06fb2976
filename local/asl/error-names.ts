/** The error names that Step Functions itself gives, and which of them the wildcards match. */

/** What may stand in an ErrorEquals besides a full name (States Language specification, "Errors"). */
const ALL = 'States.ALL';
const TASK_FAILED = 'States.TaskFailed';

export const STATES_ERRORS = {
  exceedToleratedFailureThreshold: 'States.ExceedToleratedFailureThreshold',
  dataLimitExceeded: 'States.DataLimitExceeded',
  itemReaderFailed: 'States.ItemReaderFailed',
  resultWriterFailed: 'States.ResultWriterFailed',
  intrinsicFailure: 'States.IntrinsicFailure',
  queryEvaluationError: 'States.QueryEvaluationError',
  resultPathMatchFailure: 'States.ResultPathMatchFailure',
  runtime: 'States.Runtime',
  timeout: 'States.Timeout',
} as const;

/**
 * States.Runtime cannot be caught. States.DataLimitExceeded is documented like that too, but a history recorded on AWS
 * shows States.ALL catching it.
 */
const UNCATCHABLE: ReadonlySet<string> = new Set([STATES_ERRORS.runtime]);

/** Whether a retrier or catcher with these names handles the error. */
export function matchesError(errorEquals: readonly string[], error: string | undefined): boolean {
  // A mocked or reported failure may have no name; AWS treats it as any failed task.
  const name = error ?? TASK_FAILED;
  if (UNCATCHABLE.has(name)) return false;
  return errorEquals.some(
    (pattern) => pattern === name || pattern === ALL || (pattern === TASK_FAILED && name !== STATES_ERRORS.timeout),
  );
}
