import { parseConsoleArguments } from './console-arguments.ts';
import { enter } from './entry.ts';
import { EXIT } from './exit-codes.ts';

await enter(async (argv) => {
  const options = parseConsoleArguments(argv, process.env);
  if ('help' in options) {
    process.stdout.write(options.help);
    return EXIT.answered;
  }
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  const { serveConsole } = await import('./commands/console.ts');
  return serveConsole(options, { stdout: process.stdout, stderr: process.stderr, stopped });
});
