import { parseConsoleArguments } from './arguments/console.ts';
import { enter, untilStopped } from './entry.ts';

await enter(
  (argv) => parseConsoleArguments(argv, process.env),
  async (options) => {
    const stopped = untilStopped();
    const { serveConsole } = await import('./commands/console.ts');
    return serveConsole(options, { stdout: process.stdout, stderr: process.stderr, stopped });
  },
);
