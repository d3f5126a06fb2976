import { parseDevArguments } from './dev-arguments.ts';
import { enter } from './entry.ts';
import { EXIT } from './exit-codes.ts';

await enter(async (argv) => {
  const options = parseDevArguments(argv, process.env);
  if ('help' in options) {
    process.stdout.write(options.help);
    return EXIT.answered;
  }
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  const { dev } = await import('./commands/dev.ts');
  return dev(options, { stdout: process.stdout, stderr: process.stderr, stopped });
});
