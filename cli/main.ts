import { parseArguments } from './arguments/run.ts';
import { enter } from './entry.ts';
import { createInterrupt } from './interrupt.ts';

const { stdin, stdout, stderr } = process;

await enter(
  (argv) => parseArguments(argv, process.env),
  async (options) => {
    const listenForInterrupt = () => {
      const interrupt = createInterrupt(stderr, process.exit);
      process.on('SIGINT', interrupt.press);
      return interrupt;
    };
    const isColoured = stderr.isTTY && !process.env['NO_COLOR'];
    const { run } = await import('./commands/run.ts');
    return run(options, { stdin, stdout, stderr, isColoured, listenForInterrupt });
  },
);
