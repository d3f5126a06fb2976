import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateStateMachineCommand, DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { StateFailure } from '../../../local/asl/errors.ts';
import { type StepFunctionsServer, startStepFunctions } from '../../../local/server/server.ts';
import type { TaskRunner } from '../../../local/tasks/task.ts';
import { mask, runCli, runCliUnmasked } from '../process.ts';

const REGION = 'eu-west-1';
const MACHINE = `arn:aws:states:${REGION}:123456789012:stateMachine:pipeline`;
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

const DEFINITION = {
  QueryLanguage: 'JSONata',
  StartAt: 'InvokeModel',
  States: {
    InvokeModel: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: 'f', Payload: '{% $states.input %}' },
      Output: '{% $states.result.Payload %}',
      Retry: [{ ErrorEquals: ['ModelErrorException'], IntervalSeconds: 600, MaxAttempts: 1 }],
      End: true,
    },
  },
};

/** A deployed machine whose model says what the prompt asks for. */
const runTask: TaskRunner = async ({ arguments: text }) => {
  const { prompt, promptUri, ...request } = (JSON.parse(text) as { Payload: Record<string, string> }).Payload;
  if (promptUri) return JSON.stringify({ Payload: { response: `Answer to ${promptUri}`, responseUri: null } });
  if (prompt === 'long' || prompt === 'gone') {
    const responseUri = `s3://payloads/responses/${prompt}.txt`;
    return JSON.stringify({ Payload: { response: 'Once', responseUri, warnings: ['It is long.'] } });
  }
  if (prompt === 'fail') throw new StateFailure('AccessDeniedException', 'No access.');
  if (prompt === 'wait') throw new StateFailure('ModelErrorException');
  return JSON.stringify({ Payload: { response: `Answer to ${prompt}`, request } });
};

/** Two starts of the command line, on a busy machine. */
const RUNS_MS = 30_000;

let cwd: string;
let server: StepFunctionsServer;
let client: SFNClient;
let env: Record<string, string>;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'target-aws-'));
  const s3Dir = join(cwd, 's3');
  server = await startStepFunctions({ runTask, region: REGION, s3Dir, s3Buckets: ['payloads'] });
  mkdirSync(join(s3Dir, 'payloads/responses'), { recursive: true });
  writeFileSync(join(s3Dir, 'payloads/responses/long.txt'), 'Once upon a time\n');
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new SFNClient({ region: REGION, endpoint: server.url, credentials });
  const definition = JSON.stringify(DEFINITION);
  await client.send(new CreateStateMachineCommand({ name: 'pipeline', definition, roleArn: 'arn:aws:iam::1:role/r' }));
  env = {
    ...CREDENTIALS,
    STATE_MACHINE_ARN: MACHINE,
    AWS_ENDPOINT_URL_SFN: server.url,
    AWS_ENDPOINT_URL_S3: server.url,
  };
});
afterAll(async () => {
  client.destroy();
  await server.close();
  rmSync(cwd, { recursive: true });
});

describe('the deployed machine', () => {
  test('runs the prompt and what the flags ask for', async () => {
    const argv = ['--model', 'a', '--model', 'b', '--system', 'Short.', '--max-tokens', '9', '--json', 'hi'];
    expect(await runCli(argv, { cwd, env })).toEqual({
      code: 0,
      stdout: `${JSON.stringify(
        {
          response: 'Answer to hi',
          request: { system: 'Short.', modelIds: ['a', 'b'], inferenceConfig: { maxTokens: 9 } },
        },
        null,
        2,
      )}\n`,
      stderr:
        '[INFO TIME] Received prompt: hi\n[SUCCESS TIME] Claude responded successfully\n[INFO TIME] Response: Answer to hi\n',
    });
  });

  test('a failed execution is exit 1 and says what to try next', async () => {
    expect(await runCli(['fail'], { cwd, env })).toEqual({
      code: 1,
      stdout: '',
      stderr: `[INFO TIME] Received prompt: fail
[ERROR TIME] Claude invocation failed: AccessDeniedException: No access.
[ERROR TIME] Pipeline failed: AccessDeniedException: No access.
Error:     AccessDeniedException
Cause:     No access.
State:     InvokeModel
Execution: arn:aws:states:eu-west-1:123456789012:execution:pipeline:ID
Try next:  open the model to the account in the Bedrock console, and check that IAM allows bedrock:InvokeModel on it; new access takes up to 15 minutes
`,
    });
  });

  const long = 'x'.repeat(300_000);

  test(
    'gets a prompt that fits no payload through its bucket',
    async () => {
      const { code, stdout, stderr } = await runCliUnmasked([], {
        cwd,
        env: { ...env, PAYLOAD_BUCKET: 'payloads' },
        stdin: long,
      });
      const [name = ''] = readdirSync(join(cwd, 's3/payloads/prompts'));
      const promptUri = `s3://payloads/prompts/${name}`;
      expect([code, stdout, name]).toEqual([
        0,
        `Answer to ${promptUri}\n`,
        expect.stringMatching(/^[0-9a-f-]{36}\.txt$/),
      ]);
      expect(stderr).toContain(`Received prompt: ${promptUri}\n`);
      expect(readFileSync(join(cwd, 's3/payloads/prompts', name), 'utf8')).toBe(long);
    },
    RUNS_MS,
  );

  test(
    'a prompt that fits no payload needs a bucket, and one that takes it',
    async () => {
      expect(await runCli([], { cwd, env, stdin: long })).toEqual({
        code: 2,
        stdout: '',
        stderr:
          'prompt: found an input of 300013 bytes, allowed is at most 196608, or PAYLOAD_BUCKET, which "npm run deploy" printed, ' +
          'to upload it to\n',
      });
      expect(await runCli([], { cwd, env: { ...env, PAYLOAD_BUCKET: 'none' }, stdin: long })).toEqual({
        code: 1,
        stdout: '',
        stderr:
          'Amazon S3: s3://none/prompts/ID.txt cannot be stored (HTTP 404: NoSuchBucket: The specified bucket does not exist: ' +
          's3://none)\n',
      });
    },
    RUNS_MS,
  );

  test(
    'the whole of an answer that fits no payload is fetched, but not for --json',
    async () => {
      expect(await runCli(['long'], { cwd, env })).toMatchObject({ code: 0, stdout: 'Once upon a time\n\n' });
      const { code, stdout } = await runCli(['--json', 'long'], { cwd, env });
      expect([code, JSON.parse(stdout)]).toEqual([
        0,
        { response: 'Once', responseUri: 's3://payloads/responses/long.txt', warnings: ['It is long.'] },
      ]);
    },
    RUNS_MS,
  );

  test(
    'an answer of which the rest cannot be had is exit 1',
    async () => {
      const { code, stdout, stderr } = await runCli(['gone'], { cwd, env });
      expect([code, stdout]).toEqual([1, 'Once\n']);
      expect(stderr).toMatch(
        /\nThis is the first part of the answer: s3:\/\/payloads\/responses\/gone.txt is no longer there\n$/,
      );
      const dead = { ...env, AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' };
      expect((await runCli(['long'], { cwd, env: dead })).stderr).toMatch(
        'This is the first part of the answer: s3://payloads/responses/long.txt cannot be read (ECONNREFUSED: connect ' +
          'ECONNREFUSED 127.0.0.1:9)\n',
      );
    },
    RUNS_MS,
  );

  test('Ctrl-C stops the execution there', async () => {
    const { code, stderr } = await runCliUnmasked(['--log-file', 'wait.log', 'wait'], {
      cwd,
      env,
      interruptAt: ['Retrying in'],
    });
    expect(code).toBe(130);
    expect(mask(stderr)).toContain('[ERROR TIME] Pipeline stopped\nStopped by Ctrl-C: ');
    const [executionArn] = /arn:\S+/.exec(stderr) ?? [];
    const { status, error, cause } = await client.send(new DescribeExecutionCommand({ executionArn }));
    expect({ status, error, cause }).toEqual({ status: 'ABORTED', error: 'Interrupted', cause: 'Stopped by Ctrl-C' });
  });

  test('a machine that is not there is one line', async () => {
    const missing = { ...env, STATE_MACHINE_ARN: `${MACHINE}-2` };
    expect(await runCli(['hi'], { cwd, env: missing })).toEqual({
      code: 1,
      stdout: '',
      stderr: `Step Functions refused: StateMachineDoesNotExist (State Machine Does Not Exist: '${MACHINE}-2'): set STATE_MACHINE_ARN to the ARN that "npm run deploy" printed\n`,
    });
  });

  test('a dead port is one line', async () => {
    const dead = { ...env, AWS_ENDPOINT_URL_SFN: 'http://127.0.0.1:9' };
    expect(await runCli(['hi'], { cwd, env: dead })).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'Step Functions in eu-west-1 cannot be reached (connect ECONNREFUSED 127.0.0.1:9): check the network and AWS_ENDPOINT_URL_SFN; or use --target local\n',
    });
  });

  test('no credentials is one line', async () => {
    const without = { STATE_MACHINE_ARN: MACHINE, AWS_ENDPOINT_URL_SFN: server.url };
    expect(await runCli(['hi'], { cwd, env: without })).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'No AWS credentials (Could not load credentials from any providers): run aws sso login or aws configure, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; or use --target local\n',
    });
  });
});
