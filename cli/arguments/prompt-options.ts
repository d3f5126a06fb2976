import type { Command } from 'commander';
import { wrongValue } from '../usage-error.ts';
import { readText } from './values.ts';

/** Where a prompt comes from: at most one of these; none of them leaves it to the pipe, or to a person who types. */
export interface PromptSource {
  /** The words of the arguments. */
  readonly prompt: string | undefined;
  /** A file that holds the prompt. */
  readonly promptFile: string | undefined;
  /** The `s3://bucket/key` of a prompt that is there already. */
  readonly promptUri: string | undefined;
}

/** The flags that stand for the words of a prompt. */
export interface PromptFlags {
  promptFile?: string;
  promptUri?: string;
}

const TEXTS = {
  promptFile: 'a text file that holds the prompt; what fits no payload of Step Functions goes through S3',
  promptUri: 'the s3://bucket/key of a prompt that is there already',
};

/** Adds the flags to a command. Each throws a UsageError for a wrong value. */
export function addPromptOptions(command: Command): Command {
  return command
    .option('--prompt-file <path>', TEXTS.promptFile, (text) => readText('--prompt-file', text))
    .option('--prompt-uri <s3-uri>', TEXTS.promptUri, (text) => readText('--prompt-uri', text));
}

/** Throws a UsageError for more than one prompt. */
export function toPromptSource(words: readonly string[], { promptFile, promptUri }: PromptFlags): PromptSource {
  const prompt = words.length > 0 ? readText('prompt', words.join(' ')) : undefined;
  const given = Object.entries({ 'the prompt': prompt, '--prompt-file': promptFile, '--prompt-uri': promptUri });
  const [first, second] = given.flatMap(([name, value]) => (value === undefined ? [] : name));
  if (first !== undefined && second !== undefined) throw wrongValue(second, `${first}, too`, 'one of the two');
  return { prompt, promptFile, promptUri };
}
