import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { BatchOptions } from '../arguments/batch.ts';
import { createInputCheck } from '../batch/check-input.ts';
import { readMapRunResults } from '../batch/collect.ts';
import { followRun, type RunEnd } from '../batch/follow.ts';
import { manifestKey, nameOf, promptsKey } from '../batch/keys.ts';
import { type Plan, type PlanOptions, planBatch } from '../batch/plan.ts';
import { count, createBatchProgress, dollars, duration } from '../batch/progress.ts';
import { type Collected, mergeResults, readRecorded } from '../batch/results.ts';
import {
  makeWorkFolder,
  type RunRecord,
  readRunRecord,
  removeRunRecord,
  workFolder,
  writeRunRecord,
} from '../batch/run-record.ts';
import { type Staged, stagePrompts } from '../batch/staging.ts';
import type { BatchTarget } from '../batch/target.ts';
import { EXIT } from '../exit-codes.ts';
import type { Writer } from '../log/writer.ts';
import { LOCAL_PROMPTS } from '../pipeline.ts';
import { describeBatchError } from '../service-error.ts';
import { UsageError, wrongValue } from '../usage-error.ts';
import type { Input } from './prompts.ts';

export interface BatchIo {
  readonly stdin: Input;
  readonly stderr: Writer;
  /** From here on Ctrl-C is not the end of the process. */
  listenForInterrupt(): AbortSignal;
}

/** What one call of the command works with. */
interface Session {
  readonly options: BatchOptions;
  readonly io: BatchIo;
  readonly target: BatchTarget;
  readonly folder: string;
  readonly signal: AbortSignal;
}

/**
 * Runs a file of prompts, goes on with a run, or follows one, until each prompt has its line in the results. Returns the
 * exit code. Throws a UsageError before anything was started.
 */
export async function batch(options: BatchOptions, io: BatchIo): Promise<number> {
  const folder = workFolder(options.out);
  const run = await readRunRecord(folder);
  await checkPlace(options, run);
  makeWorkFolder(folder);
  let target: BatchTarget | undefined;
  try {
    target = await openTarget(options, folder);
    const session = { options, io, target, folder, signal: io.listenForInterrupt() };
    return await work(session, run);
  } catch (error) {
    const text = describeBatchError(error, options.target);
    if (text === undefined) throw error;
    io.stderr.write(`${text}\n`);
    return EXIT.failed;
  } finally {
    await target?.close();
    if (!(await readRunRecord(folder))) await rm(folder, { recursive: true, force: true });
  }
}

/** Throws a UsageError where the flags do not go with what is there. */
async function checkPlace({ mode, out, file, target }: BatchOptions, run: RunRecord | undefined): Promise<void> {
  if (file !== undefined && !(await exists(file))) throw wrongValue('file', `no file ${file}`, 'one that is there');
  if (run && mode !== 'follow' && run.target !== target.kind) {
    throw wrongValue('--target', target.kind, `${run.target}, where the run of ${out} is`);
  }
  if (mode === 'resume' || mode === 'follow') return;
  if (run) throw wrongValue('--out', `${out}, whose run has not ended`, '--resume, which goes on with it');
  const hasResults = await exists(out);
  if (mode === 'start' && hasResults) {
    throw wrongValue('--out', `${out}, which has results`, 'a new file, --resume or --retry-failed');
  }
  if (mode === 'retry-failed' && !hasResults) throw wrongValue('--retry-failed', `no ${out}`, 'results of a run');
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Each target is loaded only when it is used. */
async function openTarget({ target, local }: BatchOptions, folder: string): Promise<BatchTarget> {
  if (target.kind === 'aws') return (await import('../batch/aws-target.ts')).openAwsBatchTarget(target);
  return (await import('../batch/local-target.ts')).openLocalBatchTarget(local, folder);
}

async function work(session: Session, earlier: RunRecord | undefined): Promise<number> {
  const { options, target, io } = session;
  if (options.mode === 'follow') return finish(session, await recordOf(session, options.executionArn ?? ''));
  if (earlier) {
    await ensureStarted(target, earlier);
    const { executionArn } = earlier;
    io.stderr.write(`Following ${executionArn}\n`);
    const { status } = await target.sfn.send(new DescribeExecutionCommand({ executionArn }));
    const code = await finish(session, earlier);
    if (status === 'RUNNING') return code;
  }
  const begun = await begin(session);
  return typeof begun === 'number' ? begun : finish(session, begun.run, begun.plan);
}

/** Stages, plans, asks, uploads and starts. Returns an exit code where nothing is to be run. */
async function begin(session: Session): Promise<number | { run: RunRecord; plan: Plan }> {
  const { options, target, folder, io } = session;
  const path = join(folder, 'prompts.jsonl');
  const staged = await stage(session, path);
  if (staged.invalid > 0) {
    io.stderr.write(wordInvalid(options, staged));
    if (!options.skipsInvalid) return EXIT.wrongUse;
  }
  if (staged.prompts === 0) {
    io.stderr.write(`Nothing to run: ${countPrompts(staged.left)} have results in ${options.out}\n`);
    return EXIT.answered;
  }
  const plan = planBatch(staged, planOptions(options));
  io.stderr.write(wordPlan(plan, options));
  if (!(await isAgreed(options, io))) return EXIT.failed;
  const run = await upload(session, path, plan);
  await ensureStarted(target, run);
  return { run, plan };
}

async function stage({ options }: Session, staged: string): Promise<Staged> {
  const { file = '', out, mode, local, target } = options;
  // Which places a deployment allows is known there only.
  const places = target.kind === 'aws' ? ['s3://'] : [LOCAL_PROMPTS, ...local.promptLocations];
  const { answered, failed } = await readRecorded(out);
  const isWanted = (id: string): boolean =>
    mode === 'retry-failed' ? failed.has(id) : !answered.has(id) && !failed.has(id);
  return stagePrompts({ file, staged, check: createInputCheck(local.modelIds, places, local.defaults), isWanted });
}

function planOptions({ rpm, tpm, concurrency, outputTokens, local }: BatchOptions): PlanOptions {
  const { modelIds, retries, retryDelaySeconds, defaults } = local;
  const { maxTokens } = defaults.inferenceConfig;
  return { rpm, tpm, concurrency, outputTokens, maxTokens, modelIds, retries, retryDelaySeconds };
}

function wordInvalid({ file, skipsInvalid }: BatchOptions, { invalid, problems }: Staged): string {
  const more = invalid - problems.length;
  const lines = [...problems, ...(more > 0 ? [`and ${count(more)} more lines`] : [])];
  const end = skipsInvalid
    ? `${count(invalid)} lines are left out`
    : `${count(invalid)} lines of ${file} cannot be run and nothing was started: mend them, or leave them out with --skip-invalid`;
  return `${lines.join('\n')}\n${end}\n`;
}

function wordPlan(plan: Plan, { local, target }: BatchOptions): string {
  const { prompts, inputTokens, outputTokens, usd, concurrency, seconds } = plan;
  const isStandIn = target.kind === 'local' && local.bedrock === 'stand-in';
  const size = `${countPrompts(prompts)}, about ${count(inputTokens)} tokens in and ${count(outputTokens)} out`;
  const atATime = `${count(concurrency)} at a time`;
  if (!isStandIn) return `Plan: ${size}, ${dollars(usd)}, ${atATime}, ${duration(seconds)}\n`;
  return `Plan: ${size}, ${atATime}; Bedrock, which a stand-in answers for, would take ${duration(seconds)} and ${dollars(usd)}\n`;
}

function countPrompts(number: number): string {
  return number === 1 ? '1 prompt' : `${count(number)} prompts`;
}

async function isAgreed({ isYes, target }: BatchOptions, { stdin, stderr }: BatchIo): Promise<boolean> {
  if (isYes) return true;
  if (!stdin.isTTY) {
    stderr.write('Start it? Found no terminal to ask on, allowed is --yes; nothing was started\n');
    return false;
  }
  const terminal = createInterface({ input: stdin, output: stderr as Writer & NodeJS.WritableStream });
  const answer = await terminal.question(`Start it ${target.kind === 'aws' ? 'on AWS' : 'here'}? (y/N) `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** Puts the prompts into S3, and records the run before it is started, so that it can be found whatever happens. */
async function upload({ options, target, folder }: Session, path: string, plan: Plan): Promise<RunRecord> {
  const { bucket, stateMachineArn } = target;
  const name = randomUUID();
  const Key = promptsKey(name);
  const { size } = await stat(path);
  if (size > MOST_OBJECT_BYTES) {
    throw new UsageError(
      `file: found ${size} bytes of prompts, allowed is at most ${MOST_OBJECT_BYTES} (a limit of S3)`,
    );
  }
  const body = { Body: createReadStream(path), ContentLength: size };
  await target.s3.send(new PutObjectCommand({ Bucket: bucket, Key, ...body }));
  const run: RunRecord = {
    target: options.target.kind,
    stateMachineArn,
    executionArn: `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`,
    bucket,
    mostConcurrency: options.concurrency,
    input: JSON.stringify({
      bucket,
      key: Key,
      type: 'JSONL',
      items: plan.prompts,
      maxConcurrency: plan.concurrency,
      toleratedFailurePercentage: options.toleratedFailurePercentage,
    }),
  };
  await writeRunRecord(folder, run);
  return run;
}

/** Of one PutObject (Amazon S3 user guide, "Uploading objects"). */
const MOST_OBJECT_BYTES = 5 * 1024 ** 3;

/** Starts the execution unless it is there: its name is taken once. */
async function ensureStarted({ sfn }: BatchTarget, { stateMachineArn, executionArn, input }: RunRecord): Promise<void> {
  const name = nameOf(executionArn);
  await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input })).catch((error: Error) => {
    if (error.name !== 'ExecutionAlreadyExists') throw error;
  });
}

/** What is known of a run that another call of the command started. */
async function recordOf({ target, options }: Session, executionArn: string): Promise<RunRecord> {
  const { input = '{}', stateMachineArn = '' } = await target.sfn.send(new DescribeExecutionCommand({ executionArn }));
  const { bucket = target.bucket } = JSON.parse(input) as { bucket?: string };
  return { target: options.target.kind, stateMachineArn, executionArn, bucket, input };
}

/** Follows a run and puts its results into the user's file. Returns the exit code. */
async function finish(session: Session, run: RunRecord, plan?: Plan): Promise<number> {
  const { options, target, folder, io, signal } = session;
  const { items = 0 } = JSON.parse(run.input) as { items?: number };
  const end = await followRun(target, run.executionArn, {
    progress: createBatchProgress(io.stderr, Date.now),
    items,
    mostConcurrency: options.concurrency ?? run.mostConcurrency,
    plannedUsdEach: plan && plan.usd / plan.prompts,
    signal,
    now: Date.now,
    sleep,
  });
  if (end.status === 'RUNNING') {
    io.stderr.write(wordLeft(options, run));
    return EXIT.interrupted;
  }
  const results = readMapRunResults(target.s3, run.bucket, manifestKey(run.executionArn, end.mapRunArn ?? ''));
  const collected = await mergeResults(options.out, results);
  io.stderr.write(wordEnd(options, end, collected));
  if (options.mode !== 'follow') {
    await removeRunRecord(folder);
    await target.discard(nameOf(run.executionArn));
  }
  if (end.status !== 'SUCCEEDED' || collected.failed > 0) return EXIT.failed;
  if (items === collected.merged) return EXIT.answered;
  io.stderr.write(`Results: found ${count(collected.merged)} for ${count(items)} prompts, allowed is one for each\n`);
  return EXIT.failed;
}

function wordLeft({ file, out, target }: BatchOptions, { executionArn }: RunRecord): string {
  if (target.kind === 'local') {
    return `Stopped, and nothing is lost; to go on: npm run batch -- ${file} --out ${out} --resume\n`;
  }
  return `It goes on without this command; to follow it again: npm run batch -- --out ${out} --follow ${executionArn}\n`;
}

function wordEnd({ file, out }: BatchOptions, end: RunEnd, { answered, failed, usd }: Collected): string {
  const again = `npm run batch -- ${file ?? 'FILE'} --out ${out}`;
  const lines = [`${out}: ${count(answered)} answered, ${count(failed)} failed, ${dollars(usd)}`];
  if (end.isDayOver) {
    lines.push(
      `The account's tokens of the day are used up; when AWS gives the next day's, or a higher quota: ${again} --resume`,
    );
  } else if (end.status !== 'SUCCEEDED') {
    lines.push(`The run ended ${end.status}: ${end.error ?? 'no error'}${end.cause ? `: ${end.cause}` : ''}`);
    lines.push(`To go on: ${again} --resume`);
  }
  if (failed > 0) lines.push(`To run again what failed: ${again} --retry-failed`);
  return `${lines.join('\n')}\n`;
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  // An abort ends the wait early, which is what it is for.
  await wait(ms, undefined, { signal }).catch(() => {});
}
