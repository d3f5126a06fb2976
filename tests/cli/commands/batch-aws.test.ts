import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { CreateStateMachineCommand, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type BatchOptions, parseBatchArguments } from '../../../cli/arguments/batch.ts';
import { batch } from '../../../cli/commands/batch.ts';
import { type Deployed, type DeployedOptions, openDeployed } from '../batch/deployed.ts';
import { runCliUnmasked } from '../process.ts';

/** How often it is looked whether something has happened: the deployed machine has its own time. */
const POLL_MS = 10;

let folder: string;
let [file, out] = ['', ''];
let deployed: Deployed;
let before: NodeJS.ProcessEnv;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "batch's aws-"));
  [file, out] = [join(folder, 'prompts.jsonl'), join(folder, 'results.jsonl')];
  before = process.env;
});
afterEach(async () => {
  process.env = before;
  await deployed.close();
  rmSync(folder, { recursive: true });
});

async function deploy(options: DeployedOptions = {}): Promise<void> {
  deployed = await openDeployed(join(folder, 'aws'), options);
  process.env = { ...before, ...deployed.env };
}

/** Runs the command on what is deployed. `interruptAt` is a text of the error output at which Ctrl-C is pressed. */
async function run(words: readonly string[], interruptAt?: string, onText: (text: string) => void = () => {}) {
  const options = parseBatchArguments(words, { ...deployed.env }) as BatchOptions;
  const interrupt = new AbortController();
  let stderr = '';
  const write = (piece: string): void => {
    stderr += piece;
    onText(stderr);
    if (interruptAt !== undefined && stderr.includes(interruptAt)) interrupt.abort();
  };
  const sleep = (_: number, signal: AbortSignal) => wait(POLL_MS, undefined, { signal }).catch(() => {});
  const io = { stdin: Readable.from([]), stderr: { write }, listenForInterrupt: () => interrupt.signal, sleep };
  deployed.asked.length = 0;
  const code = await batch(options, io);
  return { code, stderr, last: stderr.trimEnd().split('\n').at(-1) };
}

const start = (...flags: string[]) => run([file, '--out', out, '--yes', ...flags]);
const asked = (action: string) => deployed.asked.filter((one) => one.action === action);

function writePrompts(count: number): void {
  writeFileSync(file, Array.from({ length: count }, (_, id) => `{"prompt":"Hi","requestId":"p-${id}"}\n`).join(''));
}

interface Result {
  readonly requestId: string;
  readonly error?: string;
}

const readResults = (): Result[] =>
  readFileSync(out, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

function expectAll(count: number): void {
  const ids = readResults().map(({ requestId }) => requestId);
  expect([ids.length, new Set(ids).size]).toEqual([count, count]);
  expect(readResults().filter(({ error }) => error !== undefined)).toEqual([]);
  expect(existsSync(`${out}.batch`)).toBe(false);
}

describe('a batch on the deployed machine', () => {
  test('is uploaded, started, followed and downloaded', async () => {
    await deploy();
    writePrompts(20);
    const { code, stderr } = await start('--concurrency', '7');
    expect([code, stderr.split('\n')[0]]).toEqual([
      0,
      'Plan: 20 prompts, about 320 tokens in and 6,000 out, $0.0061, 7 at a time, 16 s',
    ]);
    expectAll(20);
    const [{ body = '' } = {}] = asked('StartExecution');
    const { name, input } = JSON.parse(body);
    expect(JSON.parse(input)).toEqual({
      bucket: 'pipeline-batches',
      key: `prompts/${name}.jsonl`,
      type: 'JSONL',
      items: 20,
      maxConcurrency: 7,
      toleratedFailurePercentage: 10,
    });
    const s3 = deployed.asked.filter(({ action }) => action.includes(' ')).map(({ action }) => action.split('?')[0]);
    expect(s3[0]).toBe(`PUT /pipeline-batches/prompts/${name}.jsonl`);
    expect(s3.slice(1).map((action) => action?.split('/').at(-1))).toEqual(['manifest.json', 'SUCCEEDED_0.jsonl']);
  });

  test('runs fewer at a time where prompts fail by throttling', async () => {
    await deploy({ faults: ['ThrottlingException:1'], latencySeconds: 0.02 });
    writePrompts(60);
    expect((await start('--concurrency', '4')).code).toBe(1);
    const limits = asked('UpdateMapRun').map(({ body }) => JSON.parse(body).maxConcurrency);
    expect(limits).toEqual([2]);
    expect(readResults().filter(({ error }) => error)).toEqual([
      { requestId: expect.any(String), error: 'ThrottlingException', cause: expect.any(String) },
    ]);
    expect((await start('--retry-failed')).stderr).toMatch(/^Plan: 1 prompt,/);
    expectAll(60);
  });

  test('that Ctrl-C left goes on, and a second process follows it by the command that was printed', async () => {
    await deploy({ latencySeconds: 0.05 });
    writePrompts(100);
    const words = [file, '--out', out, '--yes', '--concurrency', '1'];
    const left = await runCliUnmasked(words, {
      cwd: folder,
      env: deployed.env,
      entry: 'batch',
      interruptAt: [' done,'],
    });
    const [, command = '', arn] =
      /\nIt goes on without this command; to follow it again: (npm run .* --follow (\S+))\n$/.exec(left.stderr) ?? [];
    expect([left.code, left.stdout]).toEqual([130, '']);
    expect(arn).toMatch(/^arn:aws:states:us-east-1:123456789012:execution:batch-/);
    expect(existsSync(out)).toBe(false);
    // Where the machine is, nothing but the command tells.
    const { BATCH_STATE_MACHINE_ARN: _, BATCH_BUCKET_NAME: __, ...env } = deployed.env;
    deployed.asked.length = 0;
    const child = spawn('sh', ['-c', command], {
      cwd: resolve(import.meta.dirname, '../../..'),
      env: { PATH: process.env['PATH'], HOME: folder, ...env },
    });
    const [stderr, code] = await Promise.all([text(child.stderr), new Promise((done) => child.on('close', done))]);
    expect([code, stderr]).toEqual([0, expect.stringContaining(`${out}: 100 answered, 0 failed, $`)]);
    expect(asked('StartExecution')).toEqual([]);
    expectAll(100);
  });

  test('that was stopped is redriven by --resume, which asks only what has no answer', async () => {
    await deploy({ latencySeconds: 0.01 });
    writePrompts(40);
    const stop = (stderr: string): void => {
      const { executionArn } = JSON.parse(asked('DescribeExecution').at(-1)?.body ?? '{}');
      if (stderr.includes(' done,'))
        deployed.target.sfn.send(new StopExecutionCommand({ executionArn })).catch(() => {});
    };
    const stopped = await run([file, '--out', out, '--yes', '--concurrency', '1'], undefined, stop);
    expect([stopped.code, stopped.stderr]).toEqual([1, expect.stringContaining('\nThe run ended ABORTED: no error\n')]);
    const answered = existsSync(out) ? readFileSync(out, 'utf8').split('\n').length - 1 : 0;
    expect(answered).toBeLessThan(40);
    const resumed = await start('--resume');
    expect(resumed.code).toBe(0);
    expect(asked('RedriveExecution')).toHaveLength(1);
    expect(deployed.asked.filter(({ action }) => action.startsWith('PUT '))).toEqual([]);
    expectAll(40);
  });

  test('whose results could not be written is redriven by --resume, and no prompt asked twice', async () => {
    await deploy();
    writePrompts(5);
    const inTheWay = join(folder, 'aws/s3/pipeline-batches/results');
    mkdirSync(join(inTheWay, '..'), { recursive: true });
    writeFileSync(inTheWay, '');
    const failed = await start();
    expect([failed.code, failed.stderr]).toEqual([
      1,
      expect.stringContaining('The run ended FAILED: States.ResultWriterFailed'),
    ]);
    rmSync(inTheWay);
    const usage = await deployed.target.readPulse('', 0);
    expect((await start('--resume')).code).toBe(0);
    expectAll(5);
    expect(await deployed.target.readPulse('', 0)).toEqual(usage);
  });

  test('that the end of the day stopped runs the rest as a new execution', async () => {
    await deploy({ faults: ['DailyQuota'] });
    writePrompts(40);
    const stopped = await start('--concurrency', '1', '--tolerate', '100');
    expect([stopped.code, stopped.last]).toEqual([
      1,
      `The account's tokens of the day are used up; when AWS gives the next day's, or a higher quota: npm run batch -- '${quoted(file)}' --out '${quoted(out)}' --yes --concurrency 1 --tolerate 100 --resume`,
    ]);
    expect(asked('UpdateMapRun').map(({ body }) => JSON.parse(body))).toEqual([
      { mapRunArn: expect.any(String), toleratedFailureCount: 0, toleratedFailurePercentage: 0, maxConcurrency: 1 },
    ]);
    expect((await start('--resume')).code).toBe(0);
    expect([asked('StartExecution').length, asked('RedriveExecution').length]).toEqual([1, 0]);
    expectAll(40);
  });
});

test('--follow brings the results of a run that was started by hand, over CSV', async () => {
  await deploy();
  const { sfn, s3, stateMachineArn, bucket } = deployed.target;
  const Body = 'requestId,prompt\na,Hi\n,"Hello, you"\n';
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'prompts/by-hand.csv', Body }));
  const input = JSON.stringify({ key: 'prompts/by-hand.csv', type: 'CSV' });
  const { executionArn = '' } = await sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
  const { code, last } = await run(['--out', out, '--follow', executionArn]);
  expect([code, last]).toEqual([0, expect.stringContaining(`${out}: 2 answered, 0 failed, $`)]);
  expect(readResults().map(({ requestId }) => requestId)).toEqual(['a', '1']);
});

const quoted = (path: string): string => path.replaceAll("'", `'\\''`);

describe('is refused in one line, before anything is started:', () => {
  const machine = 'arn:aws:states:us-east-1:123456789012:stateMachine';
  const printed = 'that "npm run deploy" printed with BATCH=true';
  test.each([
    [
      'another machine',
      { BATCH_STATE_MACHINE_ARN: `${machine}:other` },
      `BATCH_STATE_MACHINE_ARN: found ${machine}:other, which runs no batches, allowed is the ARN ${printed}`,
    ],
    [
      'a version',
      { BATCH_STATE_MACHINE_ARN: `${machine}:batch:1` },
      `BATCH_STATE_MACHINE_ARN: found "${machine}:batch:1", allowed is the ARN ${printed}, in the environment or in .env`,
    ],
    [
      'no ARN',
      { BATCH_STATE_MACHINE_ARN: 'batch' },
      `BATCH_STATE_MACHINE_ARN: found "batch", allowed is the ARN ${printed}, in the environment or in .env`,
    ],
    [
      'another bucket',
      { BATCH_BUCKET_NAME: 'mine' },
      'BATCH_BUCKET_NAME: found mine, allowed is pipeline-batches, which is that of the machine',
    ],
    [
      'no bucket',
      { BATCH_BUCKET_NAME: '' },
      `BATCH_BUCKET_NAME: found nothing, allowed is the name of the batch bucket ${printed}, in the environment or in .env`,
    ],
  ])('%s', async (_, wrong, message) => {
    await deploy();
    const definition = JSON.stringify({ StartAt: 'P', States: { P: { Type: 'Pass', End: true } } });
    const roleArn = 'arn:aws:iam::123456789012:role/r';
    await deployed.target.sfn.send(new CreateStateMachineCommand({ name: 'other', definition, roleArn }));
    Object.assign(deployed.env, wrong);
    writePrompts(2);
    await expect(async () => start()).rejects.toThrow(new RegExp(`^${message.replaceAll(/[.*()?[\]]/g, '\\$&')}$`));
    expect(deployed.asked.filter(({ action }) => !action.startsWith('Describe'))).toEqual([]);
    expect([existsSync(out), existsSync(`${out}.batch`)]).toEqual([false, false]);
  });

  test('a machine that is not there, with exit code 1', async () => {
    await deploy();
    deployed.env.BATCH_STATE_MACHINE_ARN = `${machine}:none`;
    writePrompts(2);
    const { code, stderr } = await start();
    expect([code, stderr]).toEqual([
      1,
      `AWS refused: StateMachineDoesNotExist (State Machine Does Not Exist: '${machine}:none'): set BATCH_STATE_MACHINE_ARN to the ARN that "npm run deploy" printed\n`,
    ]);
  });

  test.each([
    ['DescribeStateMachine', 'AccessDeniedException'],
    ['PUT ', 'AccessDenied'],
  ])('where %s is not allowed', async (action, error) => {
    await deploy();
    writePrompts(2);
    deployed.denied.add(action);
    const { code, last } = await start();
    expect([code, last]).toEqual([
      1,
      expect.stringMatching(`^AWS refused: ${error} \\(.*\\): allow .* to these credentials$`),
    ]);
    expect([existsSync(out), existsSync(`${out}.batch`)]).toEqual([false, false]);
    expect(asked('StartExecution')).toEqual([]);
    deployed.denied.clear();
    expect((await start()).code).toBe(0);
  });
});

test.each(['StartExecution', 'DescribeExecution', 'ListMapRuns', 'DescribeMapRun', 'GET '])(
  'nothing is lost where %s is not allowed: --resume goes on when it is',
  async (action) => {
    await deploy();
    writePrompts(2);
    deployed.denied.add(action);
    const { code, stderr } = await start();
    const [, refused, left] = stderr.trimEnd().split('\n').slice(-3);
    expect([code, refused, left]).toEqual([
      1,
      expect.stringMatching(/^AWS refused: AccessDenied(Exception)? \(.*\): allow .* to these credentials$/),
      expect.stringMatching(
        /^It goes on without this command; to follow it again: npm run batch -- --out .* --follow arn:/,
      ),
    ]);
    deployed.denied.clear();
    expect((await start('--resume')).code).toBe(0);
    expectAll(2);
  },
);

describe('--follow refuses', () => {
  test('what is no execution of the batch machine', async () => {
    await deploy();
    const execution = deployed.target.stateMachineArn.replace(':stateMachine:', ':execution:');
    const definition = JSON.stringify({ StartAt: 'P', States: { P: { Type: 'Pass', End: true } } });
    const roleArn = 'arn:aws:iam::123456789012:role/r';
    const { sfn } = deployed.target;
    const { stateMachineArn } = await sfn.send(new CreateStateMachineCommand({ name: 'other', definition, roleArn }));
    const { executionArn = '' } = await sfn.send(
      new StartExecutionCommand({ stateMachineArn, input: '{"prompt":"Hi"}' }),
    );
    const follow = (arn: string) => run(['--out', out, '--follow', arn]);
    await expect(follow(executionArn)).rejects.toThrow(
      '--follow: found an execution of other whose input names no file of prompts, allowed is one of the batch machine',
    );
    await expect(follow(deployed.target.stateMachineArn)).rejects.toThrow(
      `--follow: found "${deployed.target.stateMachineArn}", allowed is the ARN of an execution of the batch machine`,
    );
    const { code, stderr } = await follow(`${execution}:none`);
    expect([code, stderr]).toEqual([
      1,
      `AWS refused: ExecutionDoesNotExist (Execution Does Not Exist: '${execution}:none'): name one of the batch machine that began at most 90 days ago\n`,
    ]);
    expect(existsSync(out)).toBe(false);
  });
});
