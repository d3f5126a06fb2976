import { Command } from 'commander';
import { type AwsBatchOptions, readAwsBatch, readAwsFollow } from '../batch/aws-options.ts';
import { BEDROCK_CHOICES, type Bedrock, type Environment, readEnvironment } from '../environment.ts';
import { meanSeconds } from '../simulation/chance.ts';
import { ASSUMED, assumedLatency } from '../simulation/workload.ts';
import type { LocalOptions } from '../targets/target.ts';
import { UsageError, wrongValue } from '../usage-error.ts';
import { parseCommand } from './parse-command.ts';
import { repeatWords } from './repeat.ts';
import { type LocalFlags, localOptions, readFault } from './run.ts';
import { HELP_TEXTS } from './run-help.ts';
import { readChoice, readCount, readPercentage, readRetries, readRetryDelay, readSeconds, readText } from './values.ts';

/** What is asked for, all of it checked. */
export interface BatchOptions {
  /** The prompts; undefined where a run is only followed. */
  readonly file: string | undefined;
  readonly out: string;
  readonly mode: 'start' | 'resume' | 'retry-failed' | 'follow';
  /** The execution to follow. */
  readonly executionArn: string | undefined;
  /** The words of the call, as a shell takes them, to go on with its run by --resume or --retry-failed. */
  readonly repeat: string;
  readonly isYes: boolean;
  readonly skipsInvalid: boolean;
  readonly rpm: number | undefined;
  readonly tpm: number | undefined;
  readonly concurrency: number | undefined;
  /** Seconds that the stand-in takes for an answer, where they are given. */
  readonly latency: number | undefined;
  /** Tokens that an answer is expected to have. */
  readonly outputTokens: number;
  readonly toleratedFailurePercentage: number;
  readonly local: LocalOptions;
  readonly target: { readonly kind: 'local' } | AwsBatchOptions;
}

const DEFAULT_TOLERATED_PERCENT = 10;
const TARGET_CHOICES = ['local', 'aws'] as const;

interface Flags extends LocalFlags {
  out?: string;
  target?: (typeof TARGET_CHOICES)[number];
  rpm?: number;
  tpm?: number;
  concurrency?: number;
  latency?: number;
  outputTokens?: number;
  tolerate?: number;
  yes?: true;
  skipInvalid?: true;
  resume?: true;
  retryFailed?: true;
  follow?: string;
}

const HELP_AFTER = `
A line of the file is an input of the pipeline: {"prompt": "Tell me a joke"}; requestId names it in the results, which are a
line each: the pipeline's output, or requestId, error and cause.

Exit codes:
  0    every prompt has an answer
  1    prompts failed, the run ended before its end, or a service could not be reached
  2    wrong use, or lines of the file that cannot be run
  130  left by Ctrl-C

Environment variables (also read from .env; .env.example explains them):
  BATCH_STATE_MACHINE_ARN, BATCH_BUCKET_NAME, AWS_REGION, MODEL_IDS, RETRIES, RETRY_DELAY_SECONDS, BEDROCK

Examples:
  npm run batch -- prompts.jsonl --out results.jsonl --rpm 1000 --tpm 4000000
  npm run batch -- prompts.jsonl --out results.jsonl --resume          after a crash, Ctrl-C or the end of a day's quota
  npm run batch -- prompts.jsonl --out results.jsonl --retry-failed
`;

/** Reads the arguments of `npm run batch`. Returns the help text when that was asked for. Throws a UsageError. */
export function parseBatchArguments(argv: readonly string[], env: NodeJS.ProcessEnv): BatchOptions | { help: string } {
  const parsed = parseCommand<Flags>(createCommand(), argv);
  if ('help' in parsed) return parsed;
  const { words, flags } = parsed;
  const environment = readEnvironment(env);
  const mode = readMode(flags);
  if (words.length > 1) throw wrongValue('file', `${words.length} files`, 'one');
  if (words.length === 0 && mode !== 'follow') throw wrongValue('file', 'none', 'a file of JSON lines');
  if (flags.out === undefined) throw wrongValue('--out', 'nothing', 'the file that gets the results');
  if (flags.follow !== undefined && flags.target === 'local')
    throw wrongValue('--follow', 'the local target', '--target aws, or --resume');
  const target = readTarget(flags, environment);
  const local = localOptions(flags, environment);
  const outputTokens = flags.outputTokens ?? ASSUMED.outputTokens;
  const standIn = readStandIn(flags, local, target, outputTokens);
  return {
    file: words[0],
    out: flags.out,
    mode,
    executionArn: flags.follow,
    repeat: repeatWords(argv),
    isYes: flags.yes ?? false,
    skipsInvalid: flags.skipInvalid ?? false,
    rpm: flags.rpm,
    tpm: flags.tpm,
    concurrency: flags.concurrency,
    latency: flags.latency,
    outputTokens,
    toleratedFailurePercentage: flags.tolerate ?? DEFAULT_TOLERATED_PERCENT,
    local: { ...local, ...standIn },
    target,
  };
}

/**
 * The stand-in enforces the quotas that the plan is made for, and takes as long for an answer as the plan assumes: without
 * that, as many prompts at a time as Bedrock would feed are throttled here. Throws a UsageError where no stand-in answers.
 */
function readStandIn(flags: Flags, { bedrock }: LocalOptions, target: BatchOptions['target'], outputTokens: number) {
  const { rpm, tpm, latency } = flags;
  if (target.kind === 'aws' || bedrock === 'aws') {
    const found = target.kind === 'aws' ? 'the deployed machine as target' : 'Bedrock itself';
    if (latency !== undefined) throw wrongValue('--latency', found, 'the stand-in, which alone is as slow as asked');
    return {};
  }
  const hasQuota = rpm !== undefined || tpm !== undefined;
  const assumed = hasQuota ? meanSeconds(assumedLatency(outputTokens)) : undefined;
  return { quota: hasQuota ? { requests: rpm, tokens: tpm } : undefined, latencySeconds: latency ?? assumed };
}

function readTarget({ target, follow }: Flags, environment: Environment): BatchOptions['target'] {
  if (follow !== undefined) return readAwsFollow(follow, environment);
  const isAws = target === 'aws' || (target === undefined && environment.batchStateMachineArn !== undefined);
  return isAws ? readAwsBatch(environment) : { kind: 'local' };
}

function readMode({ resume, retryFailed, follow }: Flags): BatchOptions['mode'] {
  const given = [resume && '--resume', retryFailed && '--retry-failed', follow && '--follow'].filter(Boolean);
  if (given.length > 1) throw new UsageError(`${given.join(', ')}: found together, allowed is one of them`);
  if (resume) return 'resume';
  if (retryFailed) return 'retry-failed';
  return follow === undefined ? 'start' : 'follow';
}

function createCommand(): Command {
  const positive = (flag: string) => (text: string) => readCount(flag, text);
  return new Command('npm run batch --')
    .description('Runs the pipeline once for each line of a file.')
    .argument('[file]', 'the prompts, as JSON lines')
    .option('--out <file>', 'the file that gets the results, as JSON lines', (text) => readText('--out', text))
    .option(
      '--target <where>',
      'local: the embedded runtime; aws: the deployed batch machine (default: aws if BATCH_STATE_MACHINE_ARN is set)',
      (text) => readChoice('--target', text, TARGET_CHOICES),
    )
    .option('--rpm <count>', "the account's quota of requests per minute; the stand-in enforces it", positive('--rpm'))
    .option('--tpm <count>', "the account's quota of tokens per minute; the stand-in enforces it", positive('--tpm'))
    .option(
      '--latency <seconds>',
      'stand-in only: how long an answer takes (default none; with a quota, what the plan assumes)',
      (text) => readSeconds('--latency', text),
    )
    .option('--concurrency <count>', 'prompts at a time, instead of what the quotas allow', positive('--concurrency'))
    .option(
      '--output-tokens <count>',
      `tokens that an answer is expected to have (default ${ASSUMED.outputTokens})`,
      positive('--output-tokens'),
    )
    .option(
      '--tolerate <percent>',
      `the run stops when more than this fail (default ${DEFAULT_TOLERATED_PERCENT})`,
      (text) => readPercentage('--tolerate', text),
    )
    .option('--yes', 'start without asking')
    .option('--skip-invalid', 'leave out the lines that cannot be run')
    .option('--resume', 'go on where a run ended; what has a result is not asked again')
    .option('--retry-failed', 'run only what failed')
    .option('--follow <arn>', 'follow an execution of the deployed batch machine', (text) => readText('--follow', text))
    .option('--bedrock <which>', HELP_TEXTS.bedrock, (text): Bedrock => readChoice('--bedrock', text, BEDROCK_CHOICES))
    .option('--retries <count>', HELP_TEXTS.retries, (text) => readRetries('--retries', text))
    .option('--retry-delay <seconds>', HELP_TEXTS.retryDelay, (text) => readRetryDelay('--retry-delay', text))
    .option('--fault <name[:count]>', HELP_TEXTS.fault, (text, earlier: ReturnType<typeof readFault>[] = []) => [
      ...earlier,
      readFault('--fault', text),
    ])
    .helpOption('--help', HELP_TEXTS.help)
    .addHelpText('after', HELP_AFTER);
}
