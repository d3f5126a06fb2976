import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { CLI, COST, HELLO, mask, NOTICE, runCli } from './process.ts';

const PRIMARY = 'global.anthropic.claude-haiku-5-5';
const SECOND = 'us.anthropic.claude-haiku-5-5';
const EXECUTION = 'arn:aws:states:us-east-1:123456789012:execution:pipeline:ID';

const ANSWERED = `[SUCCESS TIME] Claude responded successfully\n[INFO TIME] Response: ${HELLO}\n${COST}`;

let root: string;
let cwd: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'command-'));
});
beforeEach(() => {
  cwd = mkdtempSync(join(root, 'run-'));
});
afterAll(() => rmSync(root, { recursive: true }));

describe('a prompt on a laptop', () => {
  test('is answered on stdout and logged on stderr, without colour, and in the log file', async () => {
    const result = await runCli(['hi'], { cwd });
    const stderr = `${NOTICE}[INFO TIME] Received prompt: hi\n${ANSWERED}`;
    expect(result).toEqual({ code: 0, stdout: `${HELLO}\n`, stderr });
    expect(mask(readFileSync(join(cwd, 'logs/pipeline.log'), 'utf8'))).toBe(stderr);
  });

  test('from a pipe, with the whole output as JSON; settings of the user for AWS neither break nor serve it', async () => {
    const dead = 'http://127.0.0.1:9';
    const env = {
      AWS_PROFILE: 'missing',
      AWS_ACCESS_KEY_ID: 'real',
      AWS_SECRET_ACCESS_KEY: 'real',
      AWS_BEARER_TOKEN_BEDROCK: 'real',
      AWS_ENDPOINT_URL: dead,
      AWS_ENDPOINT_URL_SFN: dead,
      AWS_ENDPOINT_URL_BEDROCK_RUNTIME: dead,
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
      AWS_USE_FIPS_ENDPOINT: 'true',
      AWS_USE_DUALSTACK_ENDPOINT: 'true',
    };
    const { code, stdout, stderr } = await runCli(['--json'], { cwd, env, stdin: 'Two\nlines\n\n' });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining('[INFO TIME] Received prompt: Two\\nlines\n'),
    });
    expect(JSON.parse(stdout)).toEqual({
      requestId: 'ID',
      modelId: PRIMARY,
      response: expect.stringContaining('Your prompt of 2 words arrived whole: "Two lines"'),
      responseUri: null,
      stopReason: 'end_turn',
      complete: true,
      warnings: expect.any(Array),
      usage: { inputTokens: expect.any(Number), outputTokens: expect.any(Number), totalTokens: expect.any(Number) },
      estimatedCostUsd: expect.any(Number),
      estimatedCost: { modelUsd: expect.any(Number), stepFunctionsUsd: 0.00015, lambdaUsd: expect.any(Number) },
      latencyMs: expect.any(Number),
      attempts: 1,
      fallbackFrom: [],
    });
  });

  test('that fits no payload goes through S3, from a pipe or a file; what fits does not', async () => {
    const long = 'long '.repeat(80_000);
    const answer = '[stand-in, no model was asked] Your prompt of 80000 words arrived whole: ';
    writeFileSync(join(cwd, 'book.txt'), `${long}\n`);
    for (const result of [
      await runCli(['--no-log-file'], { cwd, stdin: long }),
      await runCli(['--no-log-file', '--prompt-file', 'book.txt'], { cwd }),
    ]) {
      expect([result.code, result.stdout.startsWith(answer)]).toEqual([0, true]);
      expect(result.stderr).toContain('[INFO TIME] Received prompt: s3://pipeline-payloads/prompts/ID.txt\n');
    }
    const folder = join(cwd, '.local/s3/pipeline-payloads/prompts');
    const [first = '', ...others] = readdirSync(folder);
    expect([readFileSync(join(folder, first), 'utf8') === long, others.length]).toEqual([true, 1]);
    const promptUri = `s3://pipeline-payloads/prompts/${first}`;
    expect((await runCli(['--no-log-file', '--prompt-uri', promptUri], { cwd })).stdout).toMatch(answer);
    writeFileSync(join(cwd, 'hi.txt'), 'hi\r\n');
    expect(await runCli(['--no-log-file', '--prompt-file', 'hi.txt'], { cwd })).toEqual({
      code: 0,
      stdout: `${HELLO}\n`,
      stderr: `${NOTICE}[INFO TIME] Received prompt: hi\n${ANSWERED}`,
    });
  }, 60_000);

  test('a failed call is retried', async () => {
    const argv = ['--retry-delay', '1', '--no-log-file', '--fault', 'ConnectionReset', 'hi'];
    expect(await runCli(argv, { cwd })).toEqual({
      code: 0,
      stdout: `${HELLO}\n`,
      stderr:
        `${NOTICE}[INFO TIME] Received prompt: hi\n` +
        `[ERROR TIME] Claude invocation failed: ModelConnectionError: ${PRIMARY}: no answer from Bedrock (ECONNRESET: read ECONNRESET)\n` +
        `[INFO TIME] Retrying in 1 second...\n${ANSWERED}`,
    });
  });

  test('a model that has ended falls through to the next of the chain at once', async () => {
    const argv = ['--model', PRIMARY, '--model', SECOND, '--fault', 'ResourceNotFoundException', 'hi'];
    expect(await runCli(argv, { cwd })).toEqual({
      code: 0,
      stdout: `${HELLO}\n`,
      stderr:
        `${NOTICE}[INFO TIME] Received prompt: hi\n` +
        '[ERROR TIME] Claude invocation failed: ResourceNotFoundException: The specified resource was not found.\n' +
        `[INFO TIME] Falling back to ${SECOND}...\n${ANSWERED}`,
    });
  });

  test('every model failing is exit 1, with error, cause, state, execution and what to try next', async () => {
    const argv = ['--model', PRIMARY, '--model', SECOND, '--fault', 'ThrottlingException:2', '--retries', '0', 'hi'];
    const message = 'Too many requests, please wait before trying again.';
    const cause =
      `${PRIMARY}: ThrottlingException after 1 attempt (${message}); ` +
      `${SECOND}: ThrottlingException after 1 attempt (${message})`;
    expect(await runCli(argv, { cwd })).toEqual({
      code: 1,
      stdout: '',
      stderr:
        `${NOTICE}[INFO TIME] Received prompt: hi\n` +
        `[ERROR TIME] Claude invocation failed: ThrottlingException: ${message}\n` +
        `[INFO TIME] Falling back to ${SECOND}...\n` +
        `[ERROR TIME] Claude invocation failed: ThrottlingException: ${message}\n` +
        `[ERROR TIME] Pipeline failed: ThrottlingException: ${cause}\n` +
        `Error:     ThrottlingException\nCause:     ${cause}\nState:     InvokeModel\nExecution: ${EXECUTION}\n` +
        'Try next:  wait a minute; another model or inference profile (--model) has a quota of its own; more retries or a longer delay help too\n',
    });
  });

  test('a used up daily quota fails at once', async () => {
    const { code, stdout, stderr } = await runCli(['--fault', 'DailyQuota', 'hi'], { cwd });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.split('\n').slice(-6)).toEqual([
      'Error:     DailyQuotaExceededError',
      `Cause:     ${PRIMARY}: DailyQuotaExceededError after 1 attempt (The account's tokens of the day are used up, for every model of this Region: Too many tokens per day, please wait before trying again.)`,
      'State:     InvokeModel',
      `Execution: ${EXECUTION}`,
      'Try next:  wait until tomorrow, or ask for more tokens per day in Service Quotas, Amazon Bedrock',
      '',
    ]);
  });

  test('the original model is refused with its end of life and what to use instead', async () => {
    const { code, stderr } = await runCli(['--model', 'us.anthropic.claude-3-5-haiku-20241022-v1:0', 'hi'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain(
      'which reached its end of life on 2026-06-19 (use global.anthropic.claude-haiku-5-5 instead)',
    );
  });

  test('Ctrl-C stops the execution, says so and exits 130', async () => {
    const argv = ['--retry-delay', '600', '--fault', 'ModelTimeoutException', 'hi'];
    const { code, stdout, stderr } = await runCli(argv, { cwd, interruptAt: ['Retrying in 600 seconds...'] });
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr.split('\n').slice(-5)).toEqual([
      '[INFO TIME] Retrying in 600 seconds...',
      'Stopping; Ctrl-C again leaves at once',
      '[ERROR TIME] Pipeline stopped',
      `Stopped by Ctrl-C: ${EXECUTION}`,
      '',
    ]);
  });
});

describe('.env', () => {
  test('is read', async () => {
    writeFileSync(join(cwd, '.env'), 'LOG_FILE=from-env.log\nLOG_CONTENT=false\n');
    const { code, stderr } = await runCli(['hi'], { cwd });
    expect(code).toBe(0);
    expect(stderr).toBe(
      `${NOTICE}[INFO TIME] Received prompt: 2 characters\n[SUCCESS TIME] Claude responded successfully\n` +
        `[INFO TIME] Response: ${HELLO.length} characters\n${COST}`,
    );
    expect(mask(readFileSync(join(cwd, 'from-env.log'), 'utf8'))).toBe(stderr);
  });

  test('malformed is wrong use', async () => {
    writeFileSync(join(cwd, '.env'), 'LOG_FILE from-env.log\n');
    expect(await runCli(['hi'], { cwd })).toEqual({
      code: 2,
      stdout: '',
      stderr: '.env, line 1: found no assignment, allowed is NAME=value or # and a comment\n',
    });
  });
});

describe('wrong use is exit 2 and one line', () => {
  test.each<[string[], string]>([
    [['--nonsense', 'hi'], "unknown option '--nonsense'; --help lists what is allowed"],
    [['--retries', 'x', 'hi'], '--retries: found "x", allowed is a whole number from 0 to 99999999'],
    [[], 'prompt: found an empty standard input, allowed is text, as an argument or from a pipe'],
  ])('%j', async (argv, line) => {
    expect(await runCli(argv, { cwd })).toEqual({ code: 2, stdout: '', stderr: `${line}\n` });
  });

  test('a prompt that no model takes', async () => {
    expect(await runCli([], { cwd, stdin: 'x'.repeat(8_000_001) })).toEqual({
      code: 2,
      stdout: '',
      stderr: 'prompt: found 8000001 bytes, allowed is at most 8000000\n',
    });
  });

  test.each<[string, (file: string) => void, string]>([
    ['is not there', () => {}, 'ENOENT'],
    ['is no text', (file) => writeFileSync(file, Uint8Array.of(0xff)), 'no UTF-8'],
    ['holds nothing but a line end', (file) => writeFileSync(file, '\n'), 'empty'],
    ['holds nothing to read', (file) => writeFileSync(file, ' \n'), 'only white space'],
  ])('a file of a prompt that %s', async (_, write, reason) => {
    write(join(cwd, 'book.txt'));
    expect(await runCli(['--prompt-file', 'book.txt'], { cwd })).toEqual({
      code: 2,
      stdout: '',
      stderr: `--prompt-file: found "book.txt" (${reason}), allowed is a text file in UTF-8\n`,
    });
  });

  test('a log file that cannot be written', async () => {
    writeFileSync(join(cwd, 'plain'), '');
    expect(await runCli(['--log-file', 'plain/a.log', 'hi'], { cwd })).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'log file plain/a.log: found that it cannot be written (EEXIST), allowed is a writable path or --no-log-file\n',
    });
  });
});

test('--help is exit 0 and goes to stdout', async () => {
  const { code, stdout, stderr } = await runCli(['--help'], { cwd });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('Usage: npm start -- [options] [prompt...]\n');
});

describe('where the output goes to a place that takes none', () => {
  const testOnFullDisk = existsSync('/dev/full') ? test : test.skip;
  const env = { PATH: process.env['PATH'], HOME: tmpdir() };
  const shell = (redirection: string) => {
    const command = `${CLI.map((word) => `'${word}'`).join(' ')} --no-log-file hi ${redirection}`;
    const { status, stdout, stderr } = spawnSync('bash', ['-c', command], { cwd, env, encoding: 'utf8' });
    return { status, stdout, stderr: mask(stderr).split('\n').at(-2) };
  };

  testOnFullDisk('an answer that is lost is a failure', () => {
    expect(shell('>/dev/full')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'Standard output cannot be written: ENOSPC: no space left on device, write',
    });
  });

  testOnFullDisk('a log that is lost is none, as the answer is there', () => {
    expect(shell('2>/dev/full')).toEqual({ status: 0, stdout: `${HELLO}\n`, stderr: undefined });
  });

  test('nor is a log that nobody reads', () => {
    expect(shell('2> >(true)')).toEqual({ status: 0, stdout: `${HELLO}\n`, stderr: undefined });
  });

  test('nor an answer that nobody reads', () => {
    expect(shell('| true; exit ${PIPESTATUS[0]}').status).toBe(0);
  });
});

describe('on a terminal', () => {
  // Of util-linux: runs a command in a terminal of its own.
  const hasScript = spawnSync('script', ['--version']).stdout?.includes('util-linux') ?? false;
  const testOnTerminal = hasScript ? test : test.skip;

  testOnTerminal.each([
    ['coloured', {}, '\u001b[34m[INFO TIME]\u001b[0m Received prompt: hi\r\n'],
    ['plain with NO_COLOR', { NO_COLOR: '1' }, '[INFO TIME] Received prompt: hi\r\n'],
  ])('the log is %s', (_, env, line) => {
    const command = [...CLI, 'hi'].map((word) => `'${word}'`).join(' ');
    const { stdout, status } = spawnSync('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
      cwd,
      env: { PATH: process.env['PATH'], HOME: cwd, ...env },
      encoding: 'utf8',
    });
    expect(status).toBe(0);
    expect(mask(stdout).split(/(?<=\n)/)[1]).toBe(line);
  });
});
