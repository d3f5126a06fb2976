import { setTimeout as wait } from 'node:timers/promises';
import { parseBatchArguments } from './arguments/batch.ts';
import { enter } from './entry.ts';
import { EXIT } from './exit-codes.ts';

await enter(
  (argv) => parseBatchArguments(argv, process.env),
  async (options) => {
    const { stdin, stderr } = process;
    const { batch } = await import('./commands/batch.ts');
    const interrupt = new AbortController();
    const press = () => {
      if (interrupt.signal.aborted) process.exit(EXIT.interrupted);
      interrupt.abort();
    };
    const listenForInterrupt = () => {
      process.off('SIGINT', press).on('SIGINT', press);
      return interrupt.signal;
    };
    // An abort ends the wait early, which is what it is for.
    const sleep = (ms: number, signal: AbortSignal) => wait(ms, undefined, { signal }).catch(() => {});
    return batch(options, { stdin, stderr, listenForInterrupt, sleep });
  },
);
