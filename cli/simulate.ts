import { parseSimulateArguments } from './arguments/simulate.ts';
import { enter } from './entry.ts';

await enter(
  (argv) => parseSimulateArguments(argv, process.env, Date.now()),
  async (options) => {
    const { simulateBatch } = await import('./commands/simulate.ts');
    const { stdout, stderr } = process;
    return simulateBatch(options, { stdout, stderr });
  },
);
