import { Command } from 'commander';
import { aliveModelIds, findModel, hasEnded, type ModelEntry } from '../../functions/shared/models.ts';
import { DEFAULT_MAX_TOKENS } from '../../functions/validate-input/validate-input.ts';
import { readDefinition, withoutAnnouncements } from '../../statemachine/definition.ts';
import { readEnvironment } from '../environment.ts';
import { requireRoom } from '../simulation/plan-concurrency.ts';
import { ASSUMED, assumedLatency, type Workload } from '../simulation/workload.ts';
import { UsageError, wrongValue } from '../usage-error.ts';
import { parseCommand } from './parse-command.ts';
import {
  readConcurrencies,
  readCount,
  readFraction,
  readMilliseconds,
  readRetries,
  readRetryDelay,
  readSeconds,
  readSeed,
  readText,
} from './values.ts';

/** What is asked for, all of it checked. */
export interface SimulateOptions {
  readonly workload: Workload;
  /** Undefined looks around the one that would use up the quota. */
  readonly concurrencies: readonly number[] | undefined;
  readonly isJson: boolean;
  readonly chartFile: string | undefined;
}

interface Flags {
  prompts?: number;
  rpm?: number;
  tpm?: number;
  inputTokens?: number;
  outputTokens?: number;
  maxTokens?: number;
  latencyP50?: number;
  latencyP99?: number;
  errorRate?: number;
  timeoutRate?: number;
  overhead?: number;
  model?: string[];
  retries?: number;
  retryDelay?: number;
  seed?: number;
  concurrency?: number[];
  chart?: string;
  json?: true;
}

const HELP_AFTER = `
Nothing is called and nothing costs anything. The answers of a minute, attempts, failures, time and cost stand beside each
concurrency; the last line says which one to run with.

Exit codes:
  0  simulated
  1  the chart could not be written
  2  wrong use

Environment variables (also read from .env; .env.example explains them):
  MODEL_IDS, MAX_TOKENS, RETRIES, RETRY_DELAY_SECONDS

Examples:
  npm run simulate -- --prompts 1000000 --rpm 1000 --tpm 4000000
  npm run simulate -- --prompts 50000 --rpm 200 --output-tokens 800 --latency-p50 6 --latency-p99 20 --chart batch.svg
  npm run simulate --silent -- --prompts 50000 --rpm 200 --concurrency 10,20,40 --json | jq .recommended.concurrency
`;

/**
 * Reads the arguments of `npm run simulate`; `now` is in ms since the epoch. Returns the help text when that was asked
 * for. Throws a UsageError.
 */
export function parseSimulateArguments(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
  now: number,
): SimulateOptions | { help: string } {
  const parsed = parseCommand<Flags>(createCommand(), argv);
  if ('help' in parsed) return parsed;
  const { flags } = parsed;
  return {
    workload: toWorkload(flags, env, now),
    concurrencies: flags.concurrency,
    isJson: flags.json ?? false,
    chartFile: flags.chart,
  };
}

function createCommand(): Command {
  const one =
    <Value>(read: (what: string, text: string) => Value, flag: string) =>
    (text: string): Value =>
      read(flag, text);
  return new Command('npm run simulate --')
    .description(
      'Says how long a batch of prompts takes and what it costs, at which concurrency, before it is started.',
    )
    .option('--prompts <count>', 'prompts of the batch', one(readCount, '--prompts'))
    .option('--rpm <count>', 'the quota of each model: requests per minute', one(readCount, '--rpm'))
    .option('--tpm <count>', 'the quota of each model: tokens per minute', one(readCount, '--tpm'))
    .option(
      '--input-tokens <count>',
      `tokens of a prompt (default ${ASSUMED.inputTokens})`,
      one(readCount, '--input-tokens'),
    )
    .option(
      '--output-tokens <count>',
      `tokens of an answer (default ${ASSUMED.outputTokens})`,
      one(readCount, '--output-tokens'),
    )
    .option(
      '--max-tokens <count>',
      'most tokens of an answer, which each request reserves',
      one(readCount, '--max-tokens'),
    )
    .option(
      '--latency-p50 <seconds>',
      'the middle latency of a call (default by output tokens)',
      one(readSeconds, '--latency-p50'),
    )
    .option(
      '--latency-p99 <seconds>',
      'what 1 call of 100 exceeds (default 3 times the middle)',
      one(readSeconds, '--latency-p99'),
    )
    .option(
      '--error-rate <share>',
      `calls that fail for the moment (default ${ASSUMED.errorRate})`,
      one(readFraction, '--error-rate'),
    )
    .option(
      '--timeout-rate <share>',
      `calls without an answer (default ${ASSUMED.timeoutRate})`,
      one(readFraction, '--timeout-rate'),
    )
    .option(
      '--overhead <milliseconds>',
      `what a prompt takes besides its calls (default ${ASSUMED.overheadMs})`,
      one(readMilliseconds, '--overhead'),
    )
    .option(
      '--model <id>',
      'a model of the chain; again for each one to fall back to',
      (text, earlier: string[] = []) => [...earlier, readText('--model', text)],
    )
    .option('--retries <count>', 'retries of one model after its first call (default 2)', one(readRetries, '--retries'))
    .option(
      '--retry-delay <seconds>',
      'whole seconds before the first retry (default 2)',
      one(readRetryDelay, '--retry-delay'),
    )
    .option(
      '--seed <number>',
      `another one draws other random numbers (default ${ASSUMED.seed})`,
      one(readSeed, '--seed'),
    )
    .option(
      '--concurrency <list>',
      'prompts at a time to look at, as 10,20,40',
      one(readConcurrencies, '--concurrency'),
    )
    .option('--chart <file>', 'write a chart, as SVG', one(readText, '--chart'))
    .option('--json', 'print everything as JSON')
    .helpOption('--help', 'show this help')
    .addHelpText('after', HELP_AFTER)
    .allowExcessArguments(false);
}

function toWorkload(flags: Flags, env: NodeJS.ProcessEnv, now: number): Workload {
  const environment = readEnvironment(env);
  const { prompts, rpm, tpm, inputTokens = ASSUMED.inputTokens, outputTokens = ASSUMED.outputTokens } = flags;
  if (prompts === undefined) throw wrongValue('--prompts', 'nothing', 'how many there are');
  if (rpm === undefined && tpm === undefined) {
    const example = 'such as --rpm 1000 --tpm 4000000; npm run doctor shows those of the account';
    throw wrongValue('--rpm, --tpm', 'neither', `one of them or both, ${example}`);
  }
  const maxTokens = flags.maxTokens ?? environment.defaults.inferenceConfig.maxTokens ?? DEFAULT_MAX_TOKENS;
  if (outputTokens > maxTokens)
    throw wrongValue('--output-tokens', outputTokens.toString(), `at most ${maxTokens}, the --max-tokens`);
  const { errorRate = ASSUMED.errorRate, timeoutRate = ASSUMED.timeoutRate } = flags;
  if (errorRate + timeoutRate > 1) {
    throw wrongValue(
      '--error-rate, --timeout-rate',
      `${errorRate} and ${timeoutRate}`,
      'shares that make at most 1 together',
    );
  }
  const { retries = environment.retries, retryDelay = environment.retryDelaySeconds } = flags;
  return checkRoom({
    prompts,
    inputTokens,
    outputTokens,
    maxTokens,
    models: (flags.model ?? environment.modelIds).map((modelId) => readModel(modelId, now)),
    quota: { requests: rpm, tokens: tpm },
    latency: readLatency(flags, outputTokens),
    errorRate,
    timeoutRate,
    overheadMs: flags.overhead ?? ASSUMED.overheadMs,
    seed: flags.seed ?? ASSUMED.seed,
    // Of a batch, no prompt is announced.
    definition: withoutAnnouncements(readDefinition({ retries, retryDelaySeconds: retryDelay })),
  });
}

function readLatency({ latencyP50, latencyP99 }: Flags, outputTokens: number) {
  const assumed = assumedLatency(outputTokens);
  const p50 = latencyP50 ?? assumed.p50;
  const p99 = latencyP99 ?? p50 * (assumed.p99 / assumed.p50);
  if (p99 < p50) throw wrongValue('--latency-p99', `${p99}`, `at least ${p50}, the --latency-p50`);
  return { p50, p99 };
}

function readModel(modelId: string, now: number): ModelEntry {
  const entry = findModel(modelId);
  if (entry && !hasEnded(entry.model, now)) return entry;
  const found = entry ? `"${modelId}", which has reached its end of life` : `"${modelId}"`;
  throw wrongValue('--model, MODEL_IDS', found, aliveModelIds(now).join(', '));
}

/** Whether a request fits into the quota at all. */
function checkRoom(workload: Workload): Workload {
  try {
    requireRoom(workload);
    return workload;
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--tpm: ${error.message}`, { cause: error });
    throw error;
  }
}
