import { createInterface } from 'node:readline';
import type { Interrupt } from '../interrupt.ts';
import type { Writer } from '../log/writer.ts';

/** Where prompts come from. */
export type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/** Everything that comes through a pipe, without the line ends behind it. */
export async function readAll(input: Input): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/[\r\n]+$/, '');
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
