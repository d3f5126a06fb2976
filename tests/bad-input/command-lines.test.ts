import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseConsoleArguments } from '../../cli/arguments/console.ts';
import { parseDevArguments } from '../../cli/arguments/dev.ts';
import { parseArguments } from '../../cli/arguments/run.ts';
import { parseSendArguments } from '../../cli/arguments/send.ts';
import { EXIT } from '../../cli/exit-codes.ts';
import { type CliOptions, runCliUnmasked } from '../cli/process.ts';

/** Each command line as a process of its own: one line on stderr, nothing on stdout, and the exit code. */

const folder = mkdtempSync(join(tmpdir(), 'bad-input-'));
const taken = createServer();
let takenPort = '';

beforeAll(async () => {
  writeFileSync(join(folder, 'file'), '');
  writeFileSync(join(folder, 'half.json'), '{');
  writeFileSync(join(folder, 'list.json'), '[]');
  writeFileSync(join(folder, 'lines'), '{"prompt":"hi"}\n');
  mkdirSync(join(folder, 'folder'));
  await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
  takenPort = String((taken.address() as AddressInfo).port);
});
afterAll(() => {
  taken.close();
  rmSync(folder, { recursive: true });
});

const ONLY_WHITE_SPACE =
  'prompt: found only white space on standard input, allowed is text, as an argument or from a pipe';
const NO_UTF8 = 'prompt: found bytes that are no UTF-8 on standard input, allowed is text in UTF-8';
const WRONG_REGION = 'AWS_REGION: found "eu_west", allowed is a Region such as eu-west-1';
const WRONG_ARN = 'STATE_MACHINE_ARN: found "pipeline", allowed is the ARN that "npm run deploy" printed, or none';

type Row = [
  entry: CliOptions['entry'] & string,
  words: string,
  given: { env?: Record<string, string>; stdin?: string | Uint8Array },
  code: number,
  message: string,
];

const PROCESSES: Row[] = [
  ['main', '--modl x hi', {}, 2, "unknown option '--modl' (Did you mean --model?); --help lists what is allowed"],
  ['main', '', { stdin: Uint8Array.of(0x61, 0xff, 0xfe) }, 2, NO_UTF8],
  [
    'main',
    '--log-file folder hi',
    {},
    2,
    'log file folder: found that it cannot be written (EISDIR), allowed is a writable path or --no-log-file',
  ],
  [
    'main',
    '--bedrock aws --no-log-file hi',
    {},
    2,
    'AWS_REGION: found none, allowed is the Region whose Bedrock is asked, in the environment or in .env',
  ],
  ['send', '', { stdin: Uint8Array.of(0xc3, 0x28) }, 2, NO_UTF8],
  ['main', '', { stdin: ' \n' }, 2, ONLY_WHITE_SPACE],
  ['send', 'hi', { env: { AWS_REGION: 'eu_west', EVENT_BUS_NAME: 'b' } }, 2, WRONG_REGION],
  [
    'send',
    'hi',
    { env: { EVENT_BUS_NAME: 'b' } },
    1,
    'AWS_REGION: found none, allowed is the Region of the event bus, in the environment or in .env',
  ],
  ['doctor', 'all', {}, 2, 'too many arguments. Expected 0 arguments but got 1; --help lists what is allowed'],
  ['console', '', { env: { STATE_MACHINE_ARN: 'pipeline' } }, 2, WRONG_ARN],
  ['console', '', {}, 1, 'No Region: set AWS_REGION or --region'],
  ['console', '--region eu-west-1 --port TAKEN', {}, 1, '--port: TAKEN is in use, allowed is a free one, or 0 for any'],
  ['dev', '--port x', {}, 2, '--port: found "x", allowed is a whole number from 0 to 65535'],
  ['dev', '--memory --port TAKEN', {}, 1, '--port: TAKEN is in use, allowed is a free one, or 0 for any'],
  [
    'dev',
    '--memory --port 0 --definition a=half.json',
    {},
    1,
    "--definition a: half.json is refused: Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: Unexpected end-of-input",
  ],
  [
    'dev',
    '--memory --port 0 --mock-config list.json',
    {},
    1,
    'The mock configuration list.json: found no StateMachines, allowed is an object of StateMachines and MockedResponses',
  ],
  [
    'dev',
    '--memory --port 0 --s3-dir file',
    {},
    1,
    '--s3-dir: file cannot be used (EEXIST), allowed is a folder, or a place for one',
  ],
  ['dev', '--port 0 --data-dir file', {}, 1, 'The data folder file cannot be used: EEXIST'],
  [
    'batch',
    'lines --out file/results.jsonl',
    {},
    2,
    '--out: found that the folder file/results.jsonl.batch cannot be made (ENOTDIR), allowed is a file in a folder of yours',
  ],
];

/** Where Node 20's own mkdir never ends; only Linux has it. */
const IN_PROC: Row[] = [
  ['dev', '--port 0 --data-dir /proc/x', {}, 1, 'The data folder /proc/x cannot be used: ENOENT'],
  [
    'dev',
    '--memory --port 0 --s3-dir /proc/x/y',
    {},
    1,
    '--s3-dir: /proc/x/y cannot be used (ENOENT), allowed is a folder, or a place for one',
  ],
  [
    'main',
    '--log-file /proc/x/log hi',
    {},
    2,
    'log file /proc/x/log: found that it cannot be written (ENOENT), allowed is a writable path or --no-log-file',
  ],
  [
    'batch',
    'lines --out /proc/x/results.jsonl',
    {},
    2,
    '--out: found that the folder /proc/x/results.jsonl.batch cannot be made (ENOENT), allowed is a file in a folder of yours',
  ],
];

/** Refused by what reads the words and the environment, as every UsageError of a process above. */
const ARGUMENTS: Row[] = [
  ['main', '--retries', {}, 2, "option '--retries <count>' argument missing; --help lists what is allowed"],
  [
    'send',
    '--event-bus arn:aws:events:eu-w_st-1:123456789012:event-bus/b hi',
    {},
    2,
    '--event-bus: found "arn:aws:events:eu-w_st-1:123456789012:event-bus/b", allowed is the name or the ARN of an event bus',
  ],
  [
    'send',
    '--endpoint-url http://me:secret@127.0.0.1:8083/ hi',
    {},
    2,
    '--endpoint-url: found "http://***@127.0.0.1:8083/", allowed is one without user and password',
  ],
  [
    'send',
    '--endpoint-url me:secret@127.0.0.1 hi',
    {},
    2,
    '--endpoint-url: found "***@127.0.0.1", allowed is an http or https URL',
  ],
  [
    'dev',
    '--lambda-endpoint https://me@lambda',
    {},
    2,
    '--lambda-endpoint: found "https://***@lambda", allowed is one without user and password',
  ],
  ['console', '--region eu_west', {}, 2, '--region: found "eu_west", allowed is a Region such as eu-west-1'],
  [
    'dev',
    '--definition pipeline=file',
    {},
    2,
    '--definition: found pipeline, which is there, allowed is a name other than pipeline, pipeline-starter',
  ],
  ['dev', '--function a=file --function a=b', {}, 2, '--function: found a again, allowed is each name once'],
];

test.each([...PROCESSES, ...(existsSync('/proc') ? IN_PROC : [])])(
  '%s %s %j',
  async (entry, words, given, code, message) => {
    const argv = words.replace('TAKEN', takenPort).split(' ').filter(Boolean);
    const { stderr, ...rest } = await runCliUnmasked(argv, { cwd: folder, entry, ...given });
    expect(rest).toEqual({ code, stdout: '' });
    const [line = '', ...others] = stderr.split('\n');
    // What follows is how the JSON reader words the place.
    const shown = message.endsWith('end-of-input') ? line.slice(0, message.length) : line;
    expect([shown, others]).toEqual([message.replace('TAKEN', takenPort), ['']]);
  },
  60_000,
);

const PARSERS = {
  main: parseArguments,
  dev: parseDevArguments,
  send: parseSendArguments,
  console: parseConsoleArguments,
};

test.each(ARGUMENTS)('%s %s %j', (entry, words, { env = {} }, code, message) => {
  expect(code).toBe(EXIT.wrongUse);
  const parse = PARSERS[entry as keyof typeof PARSERS];
  expect(() => parse(words.split(' ').filter(Boolean), env)).toThrow(
    expect.objectContaining({ name: 'UsageError', message }),
  );
});

describe('a .env with a line that sets nothing is refused, and its text not shown', () => {
  test.each(['main', 'doctor'] as const)(
    '%s',
    async (entry) => {
      const cwd = join(folder, 'with-env');
      mkdirSync(cwd, { recursive: true });
      writeFileSync(join(cwd, '.env'), 'RETRIES=2\nLOG_CONTENT false\n');
      expect(await runCliUnmasked([], { cwd, entry })).toEqual({
        code: 2,
        stdout: '',
        stderr: '.env, line 2: found no assignment, allowed is NAME=value or # and a comment\n',
      });
    },
    60_000,
  );
});
