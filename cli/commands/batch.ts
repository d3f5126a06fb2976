import { randomUUID } from 'node:crypto';
import { access, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { ChildType } from '../../statemachine/batch.ts';
import type { BatchOptions } from '../arguments/batch.ts';
import { createInputCheck } from '../batch/check-input.ts';
import { readMapRunResults } from '../batch/collect.ts';
import { ensureStarted, goOn, recordOf } from '../batch/executions.ts';
import { followRun } from '../batch/follow.ts';
import { manifestKeys, nameOf, promptsKey } from '../batch/keys.ts';
import { type Plan, type PlanOptions, planBatch } from '../batch/plan.ts';
import { count, createBatchProgress } from '../batch/progress.ts';
import { mergeResults, readRecorded } from '../batch/results.ts';
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
import { checkDatasetSize, uploadFile } from '../batch/upload.ts';
import { countPrompts, wordEnd, wordInvalid, wordLeft, wordNotStarted, wordPlan } from '../batch/words.ts';
import { EXIT } from '../exit-codes.ts';
import type { Writer } from '../log/writer.ts';
import { LOCAL_PROMPTS } from '../pipeline.ts';
import { describeBatchError } from '../service-error.ts';
import { wrongValue } from '../usage-error.ts';
import type { Input } from './prompts.ts';

export interface BatchIo {
  readonly stdin: Input;
  readonly stderr: Writer;
  /** From here on Ctrl-C is not the end of the process. */
  listenForInterrupt(): AbortSignal;
  /** Resolves after `ms` milliseconds, or sooner when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** What one call of the command works with. */
interface Session {
  readonly options: BatchOptions;
  readonly io: BatchIo;
  readonly target: BatchTarget;
  readonly folder: string;
  /** A run that an earlier call of the command left. */
  readonly earlier: RunRecord | undefined;
}

/**
 * Runs a file of prompts, goes on with a run, or follows one, until each prompt has its line in the results. Returns the
 * exit code. Throws a UsageError before anything was started.
 */
export async function batch(options: BatchOptions, io: BatchIo): Promise<number> {
  const folder = workFolder(options.out);
  const earlier = await readRunRecord(folder);
  await checkPlace(options, earlier);
  makeWorkFolder(folder);
  let target: BatchTarget | undefined;
  try {
    target = await openTarget(options, folder);
    return await work({ options, io, target, folder, earlier });
  } catch (error) {
    const text = describeBatchError(error, options.target);
    if (text === undefined) throw error;
    io.stderr.write(`${text}\n`);
    const left = await readRunRecord(folder);
    if (left) io.stderr.write(wordLeft(options, left));
    return EXIT.failed;
  } finally {
    await target?.close();
    if (!(await readRunRecord(folder))) await rm(folder, { recursive: true, force: true });
  }
}

/** Throws a UsageError where the flags do not go with what is there. */
async function checkPlace({ mode, out, file, target, local }: BatchOptions, run: RunRecord | undefined): Promise<void> {
  if (file !== undefined && !(await exists(file))) throw wrongValue('file', `no file ${file}`, 'one that is there');
  if (run && mode !== 'follow' && run.target !== target.kind) {
    throw wrongValue('--target', target.kind, `${run.target}, where the run of ${out} is`);
  }
  if (run?.bedrock && mode === 'resume' && run.bedrock !== local.bedrock) {
    throw wrongValue('--bedrock', local.bedrock, `${run.bedrock}, which answers the run of ${out}`);
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

async function work(session: Session): Promise<number> {
  const { options, target, io, earlier } = session;
  if (options.mode === 'follow') return finish(session, await recordOf(target, options.executionArn ?? ''));
  const childType = await target.check();
  if (earlier) {
    const status = await goOn(target, earlier);
    io.stderr.write(`Following ${earlier.executionArn}\n`);
    const code = await finish(session, earlier);
    if (status === 'RUNNING') return code;
  }
  return begin(session, childType);
}

/** Stages, plans, asks, uploads, starts and follows. Returns the exit code. */
async function begin(session: Session, childType: ChildType): Promise<number> {
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
  if (options.target.kind === 'aws') checkDatasetSize((await stat(path)).size);
  const plan = planBatch(staged, planOptions(options, childType));
  io.stderr.write(wordPlan(plan, options));
  if (!(await askToStart(options, io))) return EXIT.failed;
  const run = newRun(session, plan);
  const signal = io.listenForInterrupt();
  if (!(await uploadFile(target, path, promptsKey(nameOf(run.executionArn)), signal)) || signal.aborted) {
    io.stderr.write(wordNotStarted());
    return EXIT.interrupted;
  }
  // Before it is started, so that it can be found whatever happens.
  await writeRunRecord(folder, run);
  await ensureStarted(target, run);
  return finish(session, run, plan);
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

function planOptions(
  { rpm, tpm, concurrency, latency, outputTokens, local }: BatchOptions,
  childType: ChildType,
): PlanOptions {
  const { modelIds, retries, retryDelaySeconds, defaults } = local;
  const { maxTokens } = defaults.inferenceConfig;
  return { rpm, tpm, concurrency, latency, outputTokens, maxTokens, modelIds, retries, retryDelaySeconds, childType };
}

async function askToStart({ isYes, target }: BatchOptions, { stdin, stderr }: BatchIo): Promise<boolean> {
  if (isYes) return true;
  if (!stdin.isTTY) {
    stderr.write('Start it? Found no terminal to ask on, allowed is --yes; nothing was started\n');
    return false;
  }
  const terminal = createInterface({ input: stdin, output: stderr as Writer & NodeJS.WritableStream });
  // Ctrl-C and Ctrl-D close it, and would leave the question open for ever.
  const closed = new AbortController();
  terminal.once('close', () => closed.abort());
  const question = `Start it ${target.kind === 'aws' ? 'on AWS' : 'here'}? (y/N) `;
  const answer = await terminal.question(question, closed).catch(() => undefined);
  terminal.close();
  if (answer === undefined) stderr.write('\n');
  const isAgreed = /^y(es)?$/i.test(answer?.trim() ?? '');
  if (!isAgreed) stderr.write(wordNotStarted());
  return isAgreed;
}

/** A run that has not been started. */
function newRun({ options, target }: Session, plan: Plan): RunRecord {
  const { bucket, stateMachineArn } = target;
  const name = randomUUID();
  return {
    target: options.target.kind,
    stateMachineArn,
    executionArn: `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`,
    bucket,
    mostConcurrency: options.concurrency,
    bedrock: options.target.kind === 'local' ? options.local.bedrock : undefined,
    repeat: options.repeat,
    input: JSON.stringify({
      bucket,
      key: promptsKey(name),
      type: 'JSONL',
      items: plan.prompts,
      maxConcurrency: plan.concurrency,
      toleratedFailurePercentage: options.toleratedFailurePercentage,
    }),
  };
}

/** Follows a run and puts its results into the user's file. Returns the exit code. */
async function finish(session: Session, run: RunRecord, plan?: Plan): Promise<number> {
  const { options, target, folder, io, earlier } = session;
  // One that was started by hand need not say how many there are.
  const { items } = JSON.parse(run.input) as { items?: number | null };
  const end = await followRun(target, run.executionArn, {
    progress: createBatchProgress(io.stderr, Date.now),
    items: items ?? 0,
    mostConcurrency: options.concurrency ?? run.mostConcurrency,
    plannedUsdEach: plan && plan.usd / plan.prompts,
    signal: io.listenForInterrupt(),
    now: Date.now,
    sleep: io.sleep,
  });
  if (end.status === 'RUNNING') {
    io.stderr.write(wordLeft(options, run));
    return EXIT.interrupted;
  }
  const keys = end.mapRunArn === undefined ? [] : manifestKeys(run.executionArn, end.mapRunArn, end.redriveCount);
  const collected = await mergeResults(options.out, readMapRunResults(target.s3, run.bucket, keys));
  io.stderr.write(wordEnd(options, run, end, collected));
  const isOwn = options.mode !== 'follow' || earlier?.executionArn === run.executionArn;
  if (isOwn && !end.isRedrivable) {
    await removeRunRecord(folder);
    await target.discard(nameOf(run.executionArn));
  }
  if (end.status !== 'SUCCEEDED' || collected.failed > 0) return EXIT.failed;
  if (typeof items !== 'number' || items === collected.merged) return EXIT.answered;
  io.stderr.write(`Results: found ${count(collected.merged)} for ${count(items)} prompts, allowed is one for each\n`);
  return EXIT.failed;
}
