import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { parseArguments, type RunOptions } from '../../../cli/arguments/run.ts';
import { run } from '../../../cli/commands/run.ts';
import { createInterrupt } from '../../../cli/interrupt.ts';
import { COST, HELLO, mask, NOTICE } from '../process.ts';

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';

/** A person at a terminal: types each text once what was written ends with what stands before it. */
async function interact(argv: string[], typing: [after: string, text: string][]) {
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode() {} });
  const exits: number[] = [];
  const [stdout, stderr] = [{ text: '' }, { text: '' }];
  const left = [...typing];
  const terminal = {
    isTTY: true,
    // What readline listens to; the size of the window does not change here.
    on() {},
    removeListener() {},
    write(text: string) {
      stderr.text += text;
      const [next] = left;
      if (!next || !plain(stderr.text).endsWith(next[0])) return;
      left.shift();
      setImmediate(() => stdin.write(next[1]));
    },
  };
  const code = await run(parseArguments([...argv, '--no-log-file'], {}) as RunOptions, {
    stdin,
    stdout: { write: (text) => (stdout.text += text) },
    stderr: terminal,
    isColoured: false,
    listenForInterrupt: () => createInterrupt(terminal, (code) => exits.push(code)),
  });
  return { code, exits, stdout: mask(stdout.text), stderr: mask(plain(stderr.text)) };
}

/** Without what moves the cursor and erases. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the terminal's own
  return text.replace(/\u001b\[\d*[GJK]/g, '').replaceAll('\r', '');
}

const ASK = 'Prompt: ';
const ANSWERED = `[INFO TIME] Received prompt: hi\n[SUCCESS TIME] Claude responded successfully\n[INFO TIME] Response: ${HELLO}\n${COST}`;
const DENIED = "You don't have access to the model with the specified model ID.";

describe('prompts of a person', () => {
  test('are run one after the other until an empty line, and a failed one does not end it', async () => {
    const { code, stdout, stderr } = await interact(
      ['--fault', 'AccessDeniedException'],
      [
        [ASK, 'denied\n'],
        [`minutes\n${ASK}`, '  hi \n'],
        [`)\n${ASK}`, '\n'],
      ],
    );
    const cause = `global.anthropic.claude-haiku-5-5: AccessDeniedException after 1 attempt (${DENIED})`;
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${HELLO}\n` });
    expect(stderr).toBe(
      `${NOTICE}Prompt: denied\n[INFO TIME] Received prompt: denied\n` +
        `[ERROR TIME] Claude invocation failed: AccessDeniedException: ${DENIED}\n` +
        `[ERROR TIME] Pipeline failed: AccessDeniedException: ${cause}\n` +
        `Error:     AccessDeniedException\nCause:     ${cause}\nState:     InvokeModel\n` +
        'Execution: arn:aws:states:us-east-1:123456789012:execution:pipeline:ID\n' +
        'Try next:  open the model to the account in the Bedrock console, and check that IAM allows bedrock:InvokeModel on it; new access takes up to 15 minutes\n' +
        `Prompt:   hi \n${ANSWERED}Prompt: \n`,
    );
  });

  test('pasted together are all run', async () => {
    const { code, stdout } = await interact([], [[ASK, 'hi\nhello\nexit\nnever\n']]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${HELLO}\n${HELLO}\n` });
  });

  test.each([
    ['exit', 'exit\n'],
    ['quit', 'quit\n'],
    ['Ctrl-D', CTRL_D],
  ])('end with %s', async (_, typed) => {
    const { code, stdout } = await interact([], [[ASK, typed]]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
  });

  test('end with Ctrl-C, exit 130', async () => {
    const { code, stderr } = await interact([], [[ASK, CTRL_C]]);
    expect({ code, stderr }).toEqual({
      code: 130,
      stderr: `${NOTICE}Prompt: \nStopping; Ctrl-C again leaves at once\n`,
    });
  });

  test('are stopped by Ctrl-C while one runs', async () => {
    const { code, exits, stderr } = await interact(
      ['--retry-delay', '600', '--fault', 'ModelErrorException'],
      [
        [ASK, 'hi\n'],
        ['Retrying in 600 seconds...\n', CTRL_C],
      ],
    );
    expect({ code, exits }).toEqual({ code: 130, exits: [] });
    expect(stderr.split('\n').slice(-5)).toEqual([
      '',
      'Stopping; Ctrl-C again leaves at once',
      '[ERROR TIME] Pipeline stopped',
      'Stopped by Ctrl-C: arn:aws:states:us-east-1:123456789012:execution:pipeline:ID',
      '',
    ]);
  });
});

test('a second Ctrl-C leaves at once', () => {
  const exits: number[] = [];
  const interrupt = createInterrupt({ write() {} }, (code) => exits.push(code));
  interrupt.press();
  expect(interrupt.signal.aborted).toBe(true);
  interrupt.press();
  expect(exits).toEqual([130]);
});
