import { parseArguments } from './arguments.ts';
import { loadEnvFile } from './env-file.ts';
import { EXIT } from './exit-codes.ts';
import { createInterrupt } from './interrupt.ts';
import { UsageError } from './usage-error.ts';

// The SDK would announce on every run which Node it will support next.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

const { stdin, stdout, stderr } = process;

// Nobody reads the answer any more, as in `npm start | head -1`.
stdout.on('error', () => process.exit(EXIT.answered));

try {
  loadEnvFile('.env', process.env);
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  stderr.write(`${error.message}\n`);
  process.exitCode = EXIT.wrongUse;
}

async function main(): Promise<number> {
  const options = parseArguments(process.argv.slice(2), process.env);
  if ('help' in options) {
    stdout.write(options.help);
    return EXIT.answered;
  }
  const listenForInterrupt = () => {
    const interrupt = createInterrupt(stderr, process.exit);
    process.on('SIGINT', interrupt.press);
    return interrupt;
  };
  const isColoured = stderr.isTTY && !process.env['NO_COLOR'];
  const { run } = await import('./commands/run.ts');
  return run(options, { stdin, stdout, stderr, isColoured, listenForInterrupt });
}
