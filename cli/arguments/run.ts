import { Command } from 'commander';
import { findModel, hasEnded } from '../../functions/shared/models.ts';
import { type Fault, parseFault } from '../../local/bedrock/faults.ts';
import { BEDROCK_CHOICES, type Bedrock, type Environment, readEnvironment } from '../environment.ts';
import type { Request } from '../payloads.ts';
import { DEFAULT_S3_DIR } from '../place.ts';
import { regionOfStateMachine } from '../state-machine-arn.ts';
import type { AwsOptions, LocalOptions } from '../targets/target.ts';
import { UsageError, wrongValue } from '../usage-error.ts';
import { parseCommand } from './parse-command.ts';
import { addPromptOptions, type PromptFlags, type PromptSource, toPromptSource } from './prompt-options.ts';
import { addRequestOptions, type RequestFlags, toRequest } from './request-options.ts';
import { HELP_AFTER, HELP_TEXTS } from './run-help.ts';
import { addStandInOptions, type StandInFlags, toStandIn } from './stand-in-options.ts';
import { readChoice, readRetries, readRetryDelay, readText } from './values.ts';

const DEFAULT_LOG_FILE = 'logs/pipeline.log';

const TARGET_CHOICES = ['local', 'aws'] as const;

/** What is asked for, all of it checked. */
export interface RunOptions extends PromptSource {
  /** The rest of the execution's input. */
  readonly request: Request;
  /** Whether stdout gets the machine's whole output. */
  readonly isJson: boolean;
  readonly logFile: string | undefined;
  /** Whether prompts and answers may stand in the log. */
  readonly logContent: boolean;
  readonly target: LocalOptions | AwsOptions;
}

/** The flags of the embedded runtime. */
export interface LocalFlags extends RequestFlags {
  retries?: number;
  retryDelay?: number;
  fault?: Fault[];
  bedrock?: Bedrock;
}

interface Flags extends LocalFlags, PromptFlags, StandInFlags {
  json?: true;
  target?: (typeof TARGET_CHOICES)[number];
  /** False for `--no-log-file`. */
  logFile?: string | false;
}

/**
 * Reads the command line (without node and script) together with the environment; flags come first. Returns the help
 * text when that was asked for. Throws a UsageError.
 */
export function parseArguments(argv: readonly string[], env: NodeJS.ProcessEnv): RunOptions | { help: string } {
  const parsed = parseCommand<Flags>(createCommand(), argv);
  if ('help' in parsed) return parsed;
  const { words, flags } = parsed;
  return toOptions(toPromptSource(words, flags), flags, readEnvironment(env));
}

function createCommand(): Command {
  const each =
    <Value>(read: (what: string, text: string) => Value, flag: string) =>
    (text: string, earlier: Value[] = []): Value[] => [...earlier, read(flag, text)];
  const one =
    <Value>(read: (what: string, text: string) => Value, flag: string) =>
    (text: string): Value =>
      read(flag, text);
  const choice = <Choice extends string>(flag: string, choices: readonly Choice[]) =>
    one((what, text) => readChoice(what, text, choices), flag);

  const command = new Command('npm start --')
    .description(HELP_TEXTS.description)
    .argument('[prompt...]', HELP_TEXTS.prompt);
  addPromptOptions(addRequestOptions(command))
    .option('--json', HELP_TEXTS.json)
    .option('--target <where>', HELP_TEXTS.target, choice('--target', TARGET_CHOICES))
    .option('--bedrock <which>', HELP_TEXTS.bedrock, choice('--bedrock', BEDROCK_CHOICES))
    .option('--retries <count>', HELP_TEXTS.retries, one(readRetries, '--retries'))
    .option('--retry-delay <seconds>', HELP_TEXTS.retryDelay, one(readRetryDelay, '--retry-delay'))
    .option('--fault <name[:count]>', HELP_TEXTS.fault, each(readFault, '--fault'));
  return addStandInOptions(command)
    .option('--log-file <path>', HELP_TEXTS.logFile, one(readText, '--log-file'))
    .option('--no-log-file', HELP_TEXTS.noLogFile)
    .helpOption('--help', HELP_TEXTS.help)
    .addHelpText('after', HELP_AFTER);
}

/** Throws a UsageError. */
export function readFault(what: string, text: string): Fault {
  try {
    return parseFault(text);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`${what}: ${error.message}`, { cause: error });
    throw error;
  }
}

function toOptions(source: PromptSource, flags: Flags, environment: Environment): RunOptions {
  const { logFile = environment.logFile ?? DEFAULT_LOG_FILE } = flags;
  return {
    ...source,
    request: toRequest(flags),
    isJson: flags.json ?? false,
    logFile: logFile === false ? undefined : logFile,
    logContent: environment.logContent,
    target: chooseTarget(flags, environment),
  };
}

function chooseTarget(flags: Flags, environment: Environment): LocalOptions | AwsOptions {
  const target = flags.target ?? (environment.stateMachineArn ? 'aws' : 'local');
  if (target === 'aws') return awsOptions(flags, environment);
  const local = localOptions(flags, environment);
  const realBedrock = flags.bedrock ? '--bedrock aws' : 'BEDROCK=aws';
  return { ...local, ...toStandIn(flags, local.bedrock === 'aws' ? realBedrock : undefined) };
}

function awsOptions(flags: Flags, { stateMachineArn, payloadBucket }: Environment): AwsOptions {
  const allowed = 'the ARN of the state machine that "npm run deploy" printed, in the environment or in .env';
  if (!stateMachineArn) throw wrongValue('--target aws', 'no STATE_MACHINE_ARN', allowed);
  const region = regionOfStateMachine(stateMachineArn);
  if (!region) throw wrongValue('STATE_MACHINE_ARN', JSON.stringify(stateMachineArn), allowed);
  const localOnly = {
    '--retries': flags.retries,
    '--retry-delay': flags.retryDelay,
    '--fault': flags.fault,
    '--bedrock': flags.bedrock,
    '--rpm': flags.rpm,
    '--tpm': flags.tpm,
    '--latency': flags.latency,
  };
  const [flag] = Object.entries(localOnly).find(([, value]) => value !== undefined) ?? [];
  if (flag) throw wrongValue(flag, 'the deployed state machine as target', '--target local');
  return { kind: 'aws', stateMachineArn, region, payloadBucket };
}

/** What the embedded runtime is told. Throws a UsageError. */
export function localOptions(flags: LocalFlags, environment: Environment): LocalOptions {
  const bedrock = flags.bedrock ?? environment.bedrock ?? 'stand-in';
  if (bedrock === 'aws' && flags.fault) {
    const found = flags.bedrock ? '--bedrock aws' : 'BEDROCK=aws';
    throw wrongValue('--fault', found, '--bedrock stand-in, which alone fails on request');
  }
  environment.modelIds.forEach(requireAlive);
  return {
    kind: 'local',
    promptLocations: environment.promptLocations,
    modelIds: [...new Set([...environment.modelIds, ...(flags.model ?? []).filter(isAlive)])],
    retries: flags.retries ?? environment.retries,
    retryDelaySeconds: flags.retryDelay ?? environment.retryDelaySeconds,
    features: environment.features,
    defaults: environment.defaults,
    logContent: environment.logContent,
    bedrock,
    faults: flags.fault ?? [],
    region: environment.region,
    s3Dir: DEFAULT_S3_DIR,
  };
}

/** The pipeline looks at those that an input names only. Throws a UsageError. */
function requireAlive(modelId: string): void {
  const { model } = findModel(modelId) ?? {};
  if (!model || !hasEnded(model, Date.now())) return;
  const { endOfLife, replacement } = model.lifecycle;
  throw wrongValue('MODEL_IDS', `${modelId}, which reached its end of life on ${endOfLife}`, `${replacement} instead`);
}

/** The others are left for the pipeline to refuse, which says why. */
function isAlive(modelId: string): boolean {
  const entry = findModel(modelId);
  return entry !== undefined && !hasEnded(entry.model, Date.now());
}
