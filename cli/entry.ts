import { ConfigurationError } from '../stacks/configuration-error.ts';
import { loadEnvFile } from '../stacks/env-file.ts';
import { EXIT } from './exit-codes.ts';
import { UsageError } from './usage-error.ts';

/**
 * Runs a command with `.env` loaded and sets the exit code; `parse` gives the command's options, or the help that was
 * asked for. Wrong use is one line on stderr.
 */
export async function enter<Options extends object>(
  parse: (argv: readonly string[]) => Options | { help: string },
  run: (options: Options) => Promise<number>,
): Promise<void> {
  // The SDK would announce on every run which Node it will support next.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    // Nobody reads the answer any more, as in `npm start | head -1`.
    if (code === 'EPIPE') process.exit(EXIT.answered);
    process.stderr.write(`Standard output cannot be written: ${message}\n`);
    process.exit(EXIT.failed);
  });
  // Who does not read the log wants the answer all the same.
  process.stderr.on('error', () => {});
  try {
    loadEnvFile('.env', process.env);
    const options = parse(process.argv.slice(2));
    if ('help' in options) process.stdout.write(options.help as string);
    else process.exitCode = await run(options);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = EXIT.wrongUse;
  }
}

/** Resolves when the process is asked to end, which from then on it does itself. */
export function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
