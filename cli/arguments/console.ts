import { Command } from 'commander';
import { readEnvironment } from '../environment.ts';
import { regionOfStateMachine } from '../state-machine-arn.ts';
import { wrongValue } from '../usage-error.ts';
import { parseCommand } from './parse-command.ts';
import { readPort, readRegion, readUrl } from './values.ts';

const DEFAULT_PORT = 8084;

/** What is asked for, all of it checked. */
export interface ConsoleOptions {
  readonly port: number;
  /** Undefined for the AWS configuration's. */
  readonly region: string | undefined;
  readonly allowWrites: boolean;
  /** The pipeline, where it is deployed. */
  readonly stateMachineArn: string | undefined;
  /** Where the requests go instead of AWS. */
  readonly endpoint: string | undefined;
}

interface Flags {
  endpointUrl?: string;
  port?: number;
  region?: string;
  allowWrites?: true;
}

const HELP_AFTER = `
It reads with your AWS credentials: ListStateMachines, DescribeStateMachine, DescribeStateMachineForExecution,
ListExecutions, DescribeExecution, GetExecutionHistory, ListMapRuns, DescribeMapRun, and for logs FilterLogEvents and
Lambda's GetFunctionConfiguration. The credentials stay in this process.

Exit codes:
  0  stopped by Ctrl-C
  1  the port is taken, or no Region is configured
  2  wrong use

Environment variables (also read from .env; .env.example explains them):
  AWS_REGION, STATE_MACHINE_ARN, AWS_ENDPOINT_URL

Examples:
  npm run console
  npm run console -- --region eu-west-1 --allow-writes
  npm run console -- --endpoint-url http://localhost:8083 --region us-east-1
`;

/** Reads the arguments of `npm run console`. Returns the help text when that was asked for. Throws a UsageError. */
export function parseConsoleArguments(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): ConsoleOptions | { help: string } {
  const command = new Command('npm run console --')
    .description('Shows executions on AWS in the browser, as npm run dev shows local ones.')
    .option('--port <number>', `0 for any free one (default ${DEFAULT_PORT})`, (text) => readPort('--port', text))
    .option('--region <region>', 'the Region to show', (text) => readRegion('--region', text))
    .option('--endpoint-url <url>', 'what to ask instead of AWS', (text) => readUrl('--endpoint-url', text))
    .option('--allow-writes', 'executions may be started, stopped and redriven')
    .helpOption('--help', 'show this help')
    .addHelpText('after', HELP_AFTER)
    .allowExcessArguments(false);
  const parsed = parseCommand<Flags>(command, argv);
  if ('help' in parsed) return parsed;
  const { port = DEFAULT_PORT, region, allowWrites = false, endpointUrl } = parsed.flags;
  const { stateMachineArn, ...environment } = readEnvironment(env);
  const machineRegion = stateMachineArn && regionOfStateMachine(stateMachineArn);
  if (machineRegion === undefined && stateMachineArn !== undefined) {
    const allowed = 'the ARN that "npm run deploy" printed, or none';
    throw wrongValue('STATE_MACHINE_ARN', JSON.stringify(stateMachineArn), allowed);
  }
  const endpoint = env['AWS_ENDPOINT_URL'] || undefined;
  return {
    port,
    // A machine that is named is shown where it is.
    region: region ?? machineRegion ?? environment.region,
    allowWrites,
    stateMachineArn,
    endpoint: endpointUrl ?? (endpoint && readUrl('AWS_ENDPOINT_URL', endpoint)),
  };
}
