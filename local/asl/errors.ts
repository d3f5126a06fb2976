/**
 * A failure of a state, or of the task that it runs: what Retry and Catch see, and what fails the execution when neither
 * handles it.
 */
export class StateFailure extends Error {
  override readonly name = 'StateFailure';
  readonly error: string | undefined;
  override readonly cause: string | undefined;

  constructor(error: string | undefined, cause?: string) {
    // Where it was made says nothing of what failed, and a stack costs as much as the rest of an attempt.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(`${error}: ${cause}`);
    Error.stackTraceLimit = stackTraceLimit;
    this.error = error;
    this.cause = cause;
  }

  /** What `$states.errorOutput` holds: the fields that the failure has. */
  toErrorOutput(): { Error?: string; Cause?: string } {
    return {
      ...(this.error !== undefined && { Error: this.error }),
      ...(this.cause !== undefined && { Cause: this.cause }),
    };
  }
}
