import type { BatchOptions } from '../arguments/batch.ts';
import { quoteWord } from '../arguments/repeat.ts';
import type { RunEnd } from './follow.ts';
import type { Plan } from './plan.ts';
import { count, dollars, duration } from './progress.ts';
import type { Collected } from './results.ts';
import type { RunRecord } from './run-record.ts';
import type { Staged } from './staging.ts';

export function wordInvalid({ file, skipsInvalid }: BatchOptions, { invalid, problems }: Staged): string {
  const more = invalid - problems.length;
  const lines = [...problems, ...(more > 0 ? [`and ${count(more)} more lines`] : [])];
  const end = skipsInvalid
    ? `${count(invalid)} lines are left out`
    : `${count(invalid)} lines of ${file} cannot be run and nothing was started: mend them, or leave them out with --skip-invalid`;
  return `${lines.join('\n')}\n${end}\n`;
}

export function wordPlan(plan: Plan, { local, target }: BatchOptions): string {
  const { prompts, inputTokens, outputTokens, usd, concurrency, seconds } = plan;
  const isStandIn = target.kind === 'local' && local.bedrock === 'stand-in';
  const size = `${countPrompts(prompts)}, about ${count(inputTokens)} tokens in and ${count(outputTokens)} out`;
  const atATime = `${count(concurrency)} at a time`;
  if (!isStandIn) return `Plan: ${size}, ${dollars(usd)}, ${atATime}, ${duration(seconds)}\n`;
  return `Plan: ${size}, ${atATime}; Bedrock, which a stand-in answers for, would take ${duration(seconds)} and ${dollars(usd)}\n`;
}

/** Of a no, and of Ctrl-C before there was anything to follow. */
export function wordNotStarted(): string {
  return 'Nothing was started\n';
}

/** Of Ctrl-C while a run goes on, or could: the command that goes on with it, as a shell takes it. */
export function wordLeft(options: BatchOptions, run: RunRecord): string {
  if (run.target === 'local') return `Stopped, and nothing is lost; to go on: ${command(options, run)} --resume\n`;
  const follow = `npm run batch -- --out ${quoteWord(options.out)} --follow ${run.executionArn}`;
  return `It goes on without this command; to follow it again: ${follow}\n`;
}

export function wordEnd(
  options: BatchOptions,
  run: RunRecord,
  end: RunEnd,
  { answered, failed, usd }: Collected,
): string {
  const again = command(options, run);
  const lines = [`${options.out}: ${count(answered)} answered, ${count(failed)} failed, ${dollars(usd)}`];
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

export function countPrompts(number: number): string {
  return number === 1 ? '1 prompt' : `${count(number)} prompts`;
}

/** A run that is only followed may have been started elsewhere. */
function command({ mode, repeat, out }: BatchOptions, run: RunRecord): string {
  return `npm run batch -- ${mode === 'follow' ? (run.repeat ?? `FILE --out ${quoteWord(out)}`) : repeat}`;
}
