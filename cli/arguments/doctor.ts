import { Command } from 'commander';
import { parseCommand } from './parse-command.ts';

const HELP_AFTER = `
Each line is OK, WARN or FAIL, what was checked, what was found and what to do. Nothing is changed anywhere.

Exit codes:
  0  no FAIL
  1  at least one FAIL
  2  wrong use
`;

/** Reads the arguments of `npm run doctor`. Returns the help text when that was asked for. Throws a UsageError. */
export function parseDoctorArguments(argv: readonly string[]): { isJson: boolean } | { help: string } {
  const command = new Command('npm run doctor --')
    .description('Checks configuration and, with AWS credentials, whether the account can use the models.')
    .option('--json', 'print the findings as JSON')
    .helpOption('--help', 'show this help')
    .addHelpText('after', HELP_AFTER)
    .allowExcessArguments(false);
  const parsed = parseCommand<{ json?: true }>(command, argv);
  return 'help' in parsed ? parsed : { isJson: parsed.flags.json ?? false };
}
