import { createInterface } from 'node:readline';
import type { PromptSource } from '../arguments/prompt-options.ts';
import type { Interrupt } from '../interrupt.ts';
import type { Writer } from '../log/writer.ts';
import { readPromptFile } from '../payloads.ts';
import { wrongValue } from '../usage-error.ts';

/** Where prompts come from. */
export type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/**
 * The prompt of the arguments, of their file, or of a pipe; undefined for one in S3, and where a person types them.
 * Throws a UsageError.
 */
export async function givenPrompt(
  { prompt, promptFile, promptUri }: PromptSource,
  stdin: Input,
): Promise<string | undefined> {
  if (promptUri !== undefined) return undefined;
  if (promptFile !== undefined) return readPromptFile(promptFile);
  if (prompt !== undefined) return prompt;
  return stdin.isTTY ? undefined : requireText(await readAll(stdin));
}

/** Everything that comes through a pipe, without the line ends behind it. Throws a UsageError for bytes that are no text. */
export async function readAll(input: Input): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  return decode(Buffer.concat(chunks)).replace(/[\r\n]+$/, '');
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw wrongValue('prompt', 'bytes that are no UTF-8 on standard input', 'text in UTF-8');
  }
}

/** Throws a UsageError for a prompt without text. */
export function requireText(prompt: string): string {
  if (prompt.trim() !== '') return prompt;
  const found = prompt === '' ? 'an empty standard input' : 'only white space on standard input';
  throw wrongValue('prompt', found, 'text, as an argument or from a pipe');
}

/** Asks for prompts until an empty line, `exit`, `quit`, Ctrl-D or Ctrl-C. */
export async function* askPrompts(input: Input, output: Writer, interrupt: Interrupt): AsyncGenerator<string> {
  // One interface for all of them, so that lines pasted together are not lost.
  const terminal = createInterface({
    input,
    output: output as Writer & NodeJS.WritableStream,
    terminal: output.isTTY ?? false,
    prompt: 'Prompt: ',
  });
  // The terminal is in raw mode, where Ctrl-C is a key and no signal.
  terminal.on('SIGINT', interrupt.press);
  const close = (): void => terminal.close();
  interrupt.signal.addEventListener('abort', close);
  try {
    terminal.prompt();
    for await (const line of terminal) {
      const prompt = line.trim();
      if (['', 'exit', 'quit'].includes(prompt)) return;
      yield prompt;
      terminal.prompt();
    }
  } finally {
    interrupt.signal.removeEventListener('abort', close);
    terminal.close();
  }
}
