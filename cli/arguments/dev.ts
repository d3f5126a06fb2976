import { join } from 'node:path';
import { Command } from 'commander';
import { readServiceEnvironment, type ServiceEnvironment } from '../../local/tasks/services/environment.ts';
import { readEnvironment } from '../environment.ts';
import { DEFAULT_DATA_DIR, DEFAULT_PLACE, type PipelineOptions, type Place } from '../place.ts';
import { wrongValue } from '../usage-error.ts';
import { parseCommand } from './parse-command.ts';
import { localOptions } from './run.ts';
import { addStandInOptions, type StandInFlags, toStandIn } from './stand-in-options.ts';
import { readPort, readText, readUrl } from './values.ts';

export const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 8083;

/** The state machines that are there without any --definition. */
const OWN_MACHINES = ['pipeline', 'pipeline-starter'];

/** A name and the file that belongs to it. */
export interface NamedFile {
  readonly name: string;
  readonly file: string;
}

/** What is asked for, all of it checked. */
export interface DevOptions {
  readonly host: string;
  readonly port: number;
  /** Undefined keeps everything in memory. */
  readonly dataDir: string | undefined;
  readonly skipWaits: boolean;
  readonly mockConfigFile: string | undefined;
  /** A folder whose `bucket/key` files stand for S3. Undefined takes one that goes with the process. */
  readonly s3Dir: string | undefined;
  /** Lambda functions of the user's own; `file` may end in `#handler`. */
  readonly functions: readonly NamedFile[];
  /** Where functions are invoked that are not here. */
  readonly lambdaEndpoint: string | undefined;
  /** Where other services answer. */
  readonly services: ServiceEnvironment;
  /** State machines to create besides the pipeline. */
  readonly definitions: readonly NamedFile[];
  readonly pipeline: PipelineOptions;
  readonly place: Place;
}

interface Flags extends StandInFlags {
  host?: string;
  port?: number;
  dataDir?: string;
  memory?: true;
  skipWaits?: true;
  mockConfig?: string;
  s3Dir?: string;
  function?: NamedFile[];
  lambdaEndpoint?: string;
  definition?: NamedFile[];
}

const HELP_AFTER = `
Exit codes:
  0  stopped by Ctrl-C
  1  the port or the data folder is taken, or a file cannot be used
  2  wrong use

Environment variables (also read from .env; .env.example explains them):
  SFN_MOCK_CONFIG, AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_<SERVICE>, AWS_REGION, MODEL_IDS, RETRIES, RETRY_DELAY_SECONDS, BEDROCK,
  LOG_CONTENT, PROMPT_LOCATIONS, GUARDRAIL_ID, GUARDRAIL_VERSION, GUARDRAIL_TRACE, PROMPT_CACHING, SERVICE_TIER,
  SYSTEM_PROMPT, MAX_TOKENS, TEMPERATURE, TOP_P, STOP_SEQUENCES

Examples:
  npm run dev
  npm run dev -- --skip-waits --memory
  npm run dev -- --function hello=functions/hello.mjs#handler --definition greet=greet.asl.json
`;

/** Reads the arguments of `npm run dev`. Returns the help text when that was asked for. Throws a UsageError. */
export function parseDevArguments(argv: readonly string[], env: NodeJS.ProcessEnv): DevOptions | { help: string } {
  const command = new Command('npm run dev --')
    .description('Serves the APIs of Step Functions, EventBridge and S3, with the pipeline already created.')
    .option('--host <address>', `what to listen on (default ${DEFAULT_HOST})`, (text) => readText('--host', text))
    .option('--port <number>', `0 for any free one (default ${DEFAULT_PORT})`, (text) => readPort('--port', text))
    .option('--data-dir <folder>', `where executions are kept (default ${DEFAULT_DATA_DIR})`, (text) =>
      readText('--data-dir', text),
    )
    .option('--memory', 'keep nothing on disk')
    .option('--skip-waits', 'waits and retry delays take no real time, and still show in the timestamps')
    .option('--mock-config <file>', "mocked service integrations, in Step Functions Local's format", (text) =>
      readText('--mock-config', text),
    )
    .option('--s3-dir <folder>', 'its bucket/key files stand for S3 (default s3 in the data folder)', (text) =>
      readText('--s3-dir', text),
    )
    .option('--function <name=file[#handler]>', 'a Lambda function of your own; again for more', (text, earlier) =>
      addNamed('--function', text, earlier as NamedFile[] | undefined),
    )
    .option('--lambda-endpoint <url>', 'where to invoke the functions that are not here, by the Lambda API', (text) =>
      readUrl('--lambda-endpoint', text),
    )
    .option('--definition <name=file>', 'a state machine to create; again for more', (text, earlier) =>
      addNamed('--definition', text, earlier as NamedFile[] | undefined),
    );
  addStandInOptions(command)
    .helpOption('--help', 'show this help')
    .addHelpText('after', HELP_AFTER)
    .allowExcessArguments(false);
  const parsed = parseCommand<Flags>(command, argv);
  return 'help' in parsed ? parsed : toOptions(parsed.flags, env);
}

function toOptions(flags: Flags, env: NodeJS.ProcessEnv): DevOptions {
  const { kind, region, s3Dir, ...pipeline } = localOptions({}, readEnvironment(env));
  const [own] = flags.definition?.filter(({ name }) => OWN_MACHINES.includes(name)) ?? [];
  if (own)
    throw wrongValue('--definition', `${own.name}, which is there`, `a name other than ${OWN_MACHINES.join(', ')}`);
  if (flags.memory && flags.dataDir) throw wrongValue('--data-dir', '--memory too', 'one of the two');
  const dataDir = flags.memory ? undefined : (flags.dataDir ?? DEFAULT_DATA_DIR);
  return {
    host: flags.host ?? DEFAULT_HOST,
    port: flags.port ?? DEFAULT_PORT,
    dataDir,
    skipWaits: flags.skipWaits ?? false,
    mockConfigFile: flags.mockConfig ?? (env['SFN_MOCK_CONFIG'] || undefined),
    s3Dir: flags.s3Dir ?? (dataDir && join(dataDir, 's3')),
    functions: flags.function ?? [],
    lambdaEndpoint: flags.lambdaEndpoint,
    services: readServiceEnvironment(env, readUrl),
    definitions: flags.definition ?? [],
    pipeline: { ...pipeline, ...toStandIn(flags, pipeline.bedrock === 'aws' ? 'BEDROCK=aws' : undefined) },
    place: { ...DEFAULT_PLACE, ...(region !== undefined && { region }) },
  };
}

function addNamed(flag: string, text: string, earlier: readonly NamedFile[] = []): NamedFile[] {
  const [, name, file] = /^([\w-]+)=(.+)$/s.exec(text) ?? [];
  if (name === undefined || file === undefined) throw wrongValue(flag, JSON.stringify(text), 'NAME=FILE');
  if (earlier.some((other) => other.name === name)) throw wrongValue(flag, `${name} again`, 'each name once');
  return [...earlier, { name, file }];
}
