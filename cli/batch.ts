import { parseBatchArguments } from './arguments/batch.ts';
import { enter } from './entry.ts';
import { EXIT } from './exit-codes.ts';

await enter(
  (argv) => parseBatchArguments(argv, process.env),
  async (options) => {
    const { stdin, stderr } = process;
    const { batch } = await import('./commands/batch.ts');
    const interrupt = new AbortController();
    const listenForInterrupt = () => {
      process.on('SIGINT', () => {
        if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
        interrupt.abort();
      });
      return interrupt.signal;
    };
    return batch(options, { stdin, stderr, listenForInterrupt });
  },
);
