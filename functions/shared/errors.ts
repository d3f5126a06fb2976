/**
 * The errors that the functions throw. Step Functions matches `ErrorEquals` against `error.name`, so each name is API:
 * it is set literally, because a minifier renames classes.
 */

/** The execution's input breaks the input contract; one problem a field. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('; '));
    this.problems = problems;
  }
}

/** The model answered without any text. */
export class EmptyResponseError extends Error {
  override readonly name = 'EmptyResponseError';
}

/** Bedrock could not be reached, or the connection ended before its answer was there. */
export class ModelConnectionError extends Error {
  override readonly name = 'ModelConnectionError';
}

/** The account's tokens of the day are used up, for every model of the Region. */
export class DailyQuotaExceededError extends Error {
  override readonly name = 'DailyQuotaExceededError';
}

/** The errors of our own; the others keep the name that Bedrock or the SDK gave them. */
export const OWN_ERRORS = [
  InvalidInputError,
  EmptyResponseError,
  ModelConnectionError,
  DailyQuotaExceededError,
] as const;
