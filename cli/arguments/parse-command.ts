import { type Command, CommanderError } from 'commander';
import { UsageError } from '../usage-error.ts';

/**
 * Parses the words of a command line. Returns the help text when that was asked for. Throws a UsageError, one line,
 * for what commander refuses.
 */
export function parseCommand<Flags extends object>(
  command: Command,
  argv: readonly string[],
): { words: string[]; flags: Flags } | { help: string } {
  let help = '';
  const writeOut = (text: string): void => {
    help += text;
  };
  command.exitOverride().configureOutput({ writeOut, writeErr: () => {} });
  try {
    command.parse(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { help };
    const found = error.message.replace(/^error: |\.$/g, '').replace(/\s+/g, ' ');
    throw new UsageError(`${found}; --help lists what is allowed`, { cause: error });
  }
  return { words: command.args, flags: command.opts<Flags>() };
}
