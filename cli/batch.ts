import { parseBatchArguments } from './batch-arguments.ts';
import { enter } from './entry.ts';
import { EXIT } from './exit-codes.ts';

await enter(async (argv) => {
  const { stdin, stdout, stderr } = process;
  const options = parseBatchArguments(argv, process.env);
  if ('help' in options) {
    stdout.write(options.help);
    return EXIT.answered;
  }
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
});
