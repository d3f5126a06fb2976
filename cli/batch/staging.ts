import { createReadStream } from 'node:fs';
import { isNativeError } from 'node:util/types';
import type { PipelineInput } from '../../functions/shared/contract.ts';
import { writeLines } from './line-writer.ts';
import { type Line, readLines } from './lines.ts';

/** What an input of the pipeline breaks; empty for one that is accepted. */
export type CheckInput = (input: unknown) => Promise<readonly string[]>;

export interface StagingOptions {
  /** The user's file: an input of the pipeline a line. */
  readonly file: string;
  /** Where the inputs go that are to be run, each with its requestId. */
  readonly staged: string;
  readonly check: CheckInput;
  /** Whether a prompt is to be run, by its requestId. */
  isWanted(requestId: string): boolean;
}

export interface Staged {
  /** Prompts that are to be run. */
  readonly prompts: number;
  /** Prompts that are not wanted. */
  readonly left: number;
  /** Bytes of UTF-8 that the models will read. */
  readonly promptBytes: number;
  /** Most tokens of the answers, where inputs say so. */
  readonly maxTokens: number;
  /** Prompts that do not say so. */
  readonly withoutMaxTokens: number;
  /** Lines that cannot be run, and the first of their problems, each with its line's number. */
  readonly invalid: number;
  readonly problems: readonly string[];
}

/** A reader of problems gives up before. */
const MOST_PROBLEMS = 100;

/**
 * Reads a file of prompts once and writes those that are to be run, a line at a time. A prompt without a requestId gets
 * `line-<number>`. Throws what reading and writing throw.
 */
export async function stagePrompts({ file, staged, check, isWanted }: StagingOptions): Promise<Staged> {
  const lineOf = new Map<string, number>();
  const problems: string[] = [];
  let [prompts, left, promptBytes, maxTokens, withoutMaxTokens, invalid] = [0, 0, 0, 0, 0, 0];
  await writeLines(staged, async (write) => {
    for await (const line of readLines(createReadStream(file))) {
      const { input, found } = await readPrompt(line, check, lineOf);
      if (!input) {
        invalid += 1;
        if (problems.length < MOST_PROBLEMS) problems.push(`line ${line.number}: ${found.join('; ')}`);
        continue;
      }
      const { requestId, ...request } = input;
      if (!isWanted(requestId)) {
        left += 1;
        continue;
      }
      prompts += 1;
      promptBytes += Buffer.byteLength(JSON.stringify([request.prompt, request.system, request.messages]));
      if (request.inferenceConfig?.maxTokens === undefined) withoutMaxTokens += 1;
      else maxTokens += request.inferenceConfig.maxTokens;
      await write(JSON.stringify({ requestId, ...request }));
    }
  });
  return { prompts, left, promptBytes, maxTokens, withoutMaxTokens, invalid, problems };
}

type StagedInput = PipelineInput & { requestId: string };

async function readPrompt(
  line: Line,
  check: CheckInput,
  lineOf: Map<string, number>,
): Promise<{ input?: StagedInput; found: readonly string[] }> {
  if ('problem' in line) return { found: [line.problem] };
  let value: unknown;
  try {
    value = JSON.parse(line.text);
  } catch (error) {
    if (!isNativeError(error)) throw error;
    return { found: ['found what is no JSON, allowed is a JSON object such as {"prompt": "Tell me a joke"}'] };
  }
  const found = await check(value);
  if (found.length > 0) return { found };
  const { requestId = `line-${line.number}`, ...request } = value as PipelineInput;
  const earlier = lineOf.get(requestId);
  if (earlier !== undefined) {
    return {
      found: [`requestId: found ${JSON.stringify(requestId)}, which line ${earlier} has, allowed is each once`],
    };
  }
  lineOf.set(requestId, line.number);
  return { input: { requestId, ...request }, found };
}
