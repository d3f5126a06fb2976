import { parseSendArguments } from './arguments/send.ts';
import { enter } from './entry.ts';

await enter(
  (argv) => parseSendArguments(argv, process.env),
  async (options) => {
    const { send } = await import('./commands/send.ts');
    const { stdin, stdout, stderr } = process;
    return send(options, { stdin, stdout, stderr });
  },
);
