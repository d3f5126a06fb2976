import { setTimeout as wait } from 'node:timers/promises';
import type { PipelineOutput } from '../../functions/shared/contract.ts';
import type { RunOptions } from '../arguments/run.ts';
import { type ExecutionOptions, type Outcome, runExecution } from '../execution.ts';
import { EXIT } from '../exit-codes.ts';
import { reportFailure } from '../failure-report.ts';
import type { Interrupt } from '../interrupt.ts';
import { createProgress } from '../log/progress.ts';
import { openTerminalLog, type TerminalLog } from '../log/terminal-log.ts';
import type { Writer } from '../log/writer.ts';
import { type Asked, checkSize, readAnswer, toInput } from '../payloads.ts';
import { describeServiceError } from '../service-error.ts';
import type { Target } from '../targets/target.ts';
import { askPrompts, givenPrompt, type Input } from './prompts.ts';

/** What surrounds the command. */
export interface Io {
  readonly stdin: Input;
  /** Gets the answers only. */
  readonly stdout: Writer;
  readonly stderr: Writer;
  readonly isColoured: boolean;
  /** From here on Ctrl-C is not the end of the process. */
  listenForInterrupt(): Interrupt;
}

const STAND_IN_NOTICE = 'A stand-in for Amazon Bedrock answers, no model is asked; --bedrock aws uses the real service';

/**
 * Runs the prompt of the arguments, that of a pipe, or one after the other as a person types them. Returns the exit
 * code. Throws a UsageError before anything was started.
 */
export async function run(options: RunOptions, io: Io): Promise<number> {
  const prompt = await givenPrompt(options, io.stdin);
  const { request, target: place } = options;
  if (prompt !== undefined) checkSize(prompt, request, place.kind === 'local' || place.payloadBucket !== undefined);
  const progress = createProgress(io.stderr, Date.now);
  const log = openTerminalLog({ stream: io.stderr, isColoured: io.isColoured, progress, file: options.logFile });
  const interrupt = io.listenForInterrupt();
  const { signal } = interrupt;
  const watcher = { line: log.write, waiting: progress.waiting };
  let target: Target | undefined;
  try {
    target = await openTarget(options, log);
    const ask = createAsk(target, options, io.stdout, log, { watcher, signal, sleep });
    if (options.promptUri !== undefined) return await ask({ promptUri: options.promptUri });
    if (prompt !== undefined) return await ask({ prompt });
    for await (const typed of askPrompts(io.stdin, io.stderr, interrupt)) {
      await ask({ prompt: typed });
      if (signal.aborted) break;
    }
    return signal.aborted ? EXIT.interrupted : EXIT.answered;
  } finally {
    progress.erase();
    log.close();
    await target?.close();
  }
}

/** Each target is loaded only when it is used: the embedded runtime is of no use to a deployed machine. */
async function openTarget({ target }: RunOptions, log: TerminalLog): Promise<Target> {
  if (target.kind === 'aws') return (await import('../targets/aws.ts')).openAwsTarget(target);
  if (target.bedrock === 'stand-in') log.write({ level: 'INFO', time: new Date(), text: STAND_IN_NOTICE });
  return (await import('../targets/local.ts')).openLocalTarget(target);
}

/** The function it returns runs one prompt, writes its answer or its failure, and returns the exit code. */
function createAsk(
  target: Target,
  options: RunOptions,
  stdout: Writer,
  { say }: TerminalLog,
  execution: Pick<ExecutionOptions, 'watcher' | 'signal' | 'sleep'>,
) {
  /** The whole answer, also where it lies in S3; its first part where it cannot be had. */
  const writeAnswer = async (output: string, isJson: boolean): Promise<number> => {
    const value = JSON.parse(output) as Partial<PipelineOutput>;
    if (isJson) {
      stdout.write(`${JSON.stringify(value, null, 2)}\n`);
      return EXIT.answered;
    }
    const whole = await readAnswer(value, target.payloads).catch((error: Error) => error);
    stdout.write(`${typeof whole === 'string' ? whole : value.response}\n`);
    if (typeof whole === 'string') return EXIT.answered;
    say(`This is the first part of the answer: ${whole?.message ?? `${value.responseUri} is no longer there`}\n`);
    return EXIT.failed;
  };
  return async (asked: Asked): Promise<number> => {
    if (execution.signal.aborted) return EXIT.interrupted;
    let outcome: Outcome;
    try {
      const input = await toInput(asked, options.request, target.payloads);
      outcome = await runExecution(target, { ...execution, input, logContent: options.logContent });
    } catch (error) {
      const text = describeServiceError(error, options.target);
      if (text === undefined) throw error;
      say(`${text}\n`);
      return EXIT.failed;
    }
    if (outcome.status === 'succeeded') {
      return writeAnswer(outcome.output, options.isJson);
    }
    if (execution.signal.aborted) {
      say(`Stopped by Ctrl-C: ${outcome.executionArn}\n`);
      return EXIT.interrupted;
    }
    say(reportFailure(outcome, options));
    return EXIT.failed;
  };
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  // An abort ends the wait early, which is what it is for.
  await wait(ms, undefined, { signal }).catch(() => {});
}
