import { enter } from './entry.ts';
import { EXIT } from './exit-codes.ts';
import { parseSendArguments } from './send-arguments.ts';

await enter(async (argv) => {
  const { stdin, stdout, stderr } = process;
  const options = parseSendArguments(argv, process.env);
  if ('help' in options) {
    stdout.write(options.help);
    return EXIT.answered;
  }
  const { send } = await import('./commands/send.ts');
  return send(options, { stdin, stdout, stderr });
});
