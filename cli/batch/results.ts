import { createReadStream } from 'node:fs';
import type { PipelineOutput } from '../../functions/shared/contract.ts';
import { writeLines } from './line-writer.ts';
import { readLines } from './lines.ts';

/** A line of the results: what the pipeline put out, or why it failed. */
export type Result = PipelineOutput | { requestId: string; error: string; cause: string | null };

export interface Recorded {
  /** The requestIds of what was answered, and of what failed. */
  readonly answered: Set<string>;
  readonly failed: Set<string>;
}

export interface Collected {
  /** Results of the run. */
  readonly merged: number;
  /** All in the file. */
  readonly answered: number;
  readonly failed: number;
  readonly usd: number;
}

/** What an earlier run has recorded; nothing where there is no file. */
export async function readRecorded(out: string): Promise<Recorded> {
  const recorded: Recorded = { answered: new Set(), failed: new Set() };
  for await (const { result } of readResults(out)) {
    ('error' in result ? recorded.failed : recorded.answered).add(result.requestId);
  }
  return recorded;
}

/** Puts the results of a run into the user's file: they take the place of earlier ones of the same prompts. */
export async function mergeResults(out: string, results: AsyncIterable<Result>): Promise<Collected> {
  const written = new Set<string>();
  const total = { answered: 0, failed: 0, usd: 0 };
  let merged = 0;
  const count = (result: Result): void => {
    if ('error' in result) total.failed += 1;
    else {
      total.answered += 1;
      total.usd += result.estimatedCostUsd;
    }
  };
  await writeLines(out, async (write) => {
    for await (const result of results) {
      if (written.has(result.requestId)) continue;
      written.add(result.requestId);
      count(result);
      await write(JSON.stringify(result));
    }
    merged = written.size;
    for await (const { result, text } of readResults(out)) {
      if (written.has(result.requestId)) continue;
      count(result);
      await write(text);
    }
  });
  return { merged, ...total };
}

async function* readResults(out: string): AsyncGenerator<{ result: Result; text: string }> {
  try {
    for await (const line of readLines(createReadStream(out))) {
      if ('problem' in line) throw new Error(`${out}, line ${line.number}: ${line.problem}`);
      yield { result: JSON.parse(line.text) as Result, text: line.text };
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
