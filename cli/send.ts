import { enter } from './entry.ts';
import { parseSendArguments } from './send-arguments.ts';

await enter(
  (argv) => parseSendArguments(argv, process.env),
  async (options) => {
    const { send } = await import('./commands/send.ts');
    const { stdin, stdout, stderr } = process;
    return send(options, { stdin, stdout, stderr });
  },
);
