import { parseDevArguments } from './arguments/dev.ts';
import { enter, untilStopped } from './entry.ts';

await enter(
  (argv) => parseDevArguments(argv, process.env),
  async (options) => {
    const stopped = untilStopped();
    const { dev } = await import('./commands/dev.ts');
    return dev(options, { stdout: process.stdout, stderr: process.stderr, stopped });
  },
);
