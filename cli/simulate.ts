import { enter } from './entry.ts';
import { EXIT } from './exit-codes.ts';
import { parseSimulateArguments } from './simulate-arguments.ts';

await enter(async (argv) => {
  const { stdout, stderr, env } = process;
  const options = parseSimulateArguments(argv, env, Date.now());
  if ('help' in options) {
    stdout.write(options.help);
    return EXIT.answered;
  }
  const { simulateBatch } = await import('./commands/simulate.ts');
  return simulateBatch(options, { stdout, stderr });
});
