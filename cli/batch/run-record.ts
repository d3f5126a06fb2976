import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../../local/store/make-folder.ts';
import type { Bedrock } from '../environment.ts';
import { UsageError, wrongValue } from '../usage-error.ts';

/** A run of the batch machine whose results are not in the user's file yet. */
export interface RunRecord {
  readonly target: 'local' | 'aws';
  readonly stateMachineArn: string;
  readonly executionArn: string;
  readonly bucket: string;
  /** The most prompts at a time that were asked for; undefined where the plan chose. */
  readonly mostConcurrency?: number | undefined;
  /** Who answers: a run that is half of a stand-in's answers is of no use. Undefined on AWS. */
  readonly bedrock?: Bedrock | undefined;
  /** The words of the command that started it, as a shell takes them; undefined where that was not seen. */
  readonly repeat?: string | undefined;
  /** Of the execution, as JSON. */
  readonly input: string;
}

/** Beside the results: what is needed to go on, gone when nothing is left to do. */
export function workFolder(out: string): string {
  return `${out}.batch`;
}

/** Throws a UsageError where there can be none. */
export function makeWorkFolder(folder: string): void {
  try {
    makeFolder(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw wrongValue('--out', `that the folder ${folder} cannot be made (${code})`, 'a file in a folder of yours');
  }
}

/** Undefined when no run is under way. Throws a UsageError for a file that is none. */
export async function readRunRecord(folder: string): Promise<RunRecord | undefined> {
  const file = join(folder, 'run.json');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as RunRecord;
  } catch (error) {
    throw new UsageError(`${file}: found what is no JSON, allowed is the file as npm run batch wrote it`, {
      cause: error,
    });
  }
}

export async function writeRunRecord(folder: string, record: RunRecord): Promise<void> {
  const file = join(folder, 'run.json');
  await writeFile(`${file}.partial`, `${JSON.stringify(record, null, 2)}\n`, { flush: true });
  await rename(`${file}.partial`, file);
}

/** To be called when the results are in the user's file. */
export async function removeRunRecord(folder: string): Promise<void> {
  await rm(join(folder, 'run.json'), { force: true });
}
