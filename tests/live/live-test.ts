import { test } from '@jest/globals';

/** The part of an SDK client's configuration that says whether it can reach AWS. */
interface Configured {
  readonly config: { credentials(): Promise<unknown>; region(): Promise<string> };
}

/**
 * jest's `test` where there is what the tests need: AWS credentials, a Region and the variables. Elsewhere `test.skip`,
 * and a line on stderr that says what is missing.
 */
export async function liveTest(what: string, { config }: Configured, variables: readonly string[] = []) {
  const unset = variables.filter((name) => !process.env[name]);
  const missing = await Promise.all([config.credentials(), config.region()]).then(
    () => (unset.length > 0 ? `${unset.join(', ')} not set` : undefined),
    (error: Error) => error.message.split('\n')[0],
  );
  if (missing === undefined) return test;
  process.stderr.write(`Skipped ${what}: ${missing}\n`);
  return test.skip;
}
