import { ConfigurationError } from '../stacks/configuration-error.ts';
import { loadEnvFile } from '../stacks/env-file.ts';
import { EXIT } from './exit-codes.ts';
import { UsageError } from './usage-error.ts';

/** Runs a command with `.env` loaded and sets the exit code; wrong use is one line on stderr. */
export async function enter(command: (argv: string[]) => Promise<number>): Promise<void> {
  // The SDK would announce on every run which Node it will support next.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  // Nobody reads the answer any more, as in `npm start | head -1`.
  process.stdout.on('error', () => process.exit(EXIT.answered));
  try {
    loadEnvFile('.env', process.env);
    process.exitCode = await command(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = EXIT.wrongUse;
  }
}
