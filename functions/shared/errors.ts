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

/** S3 throttles, fails or could not be reached: a prompt or an answer that lies there may be read or stored later. */
export class S3UnavailableError extends Error {
  override readonly name = 'S3UnavailableError';
}

/** S3 refuses to give a prompt or to take an answer: access, a key of KMS, another Region. */
export class S3RefusedError extends Error {
  override readonly name = 'S3RefusedError';
}

/** The errors of our own; the others keep the name that Bedrock or the SDK gave them. */
export const OWN_ERRORS = [
  InvalidInputError,
  EmptyResponseError,
  ModelConnectionError,
  DailyQuotaExceededError,
  S3UnavailableError,
  S3RefusedError,
] as const;
