/** The command was used wrongly: exit code 2. The message is the one line that the user reads. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The wording of every wrong value: what it was for, what was found there, what is allowed. */
export function wrongValue(what: string, found: string, allowed: string): UsageError {
  return new UsageError(`${what}: found ${found}, allowed is ${allowed}`);
}
