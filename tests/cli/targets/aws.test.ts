import { mkdtempSync, rmSync } from 'node:fs';
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
  const { prompt, ...request } = (JSON.parse(text) as { Payload: { prompt: string } }).Payload;
  if (prompt === 'fail') throw new StateFailure('AccessDeniedException', 'No access.');
  if (prompt === 'wait') throw new StateFailure('ModelErrorException');
  return JSON.stringify({ Payload: { response: `Answer to ${prompt}`, request } });
};

let cwd: string;
let server: StepFunctionsServer;
let client: SFNClient;
let env: Record<string, string>;

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'target-aws-'));
  server = await startStepFunctions({ runTask, region: REGION });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new SFNClient({ region: REGION, endpoint: server.url, credentials });
  const definition = JSON.stringify(DEFINITION);
  await client.send(new CreateStateMachineCommand({ name: 'pipeline', definition, roleArn: 'arn:aws:iam::1:role/r' }));
  env = { ...CREDENTIALS, STATE_MACHINE_ARN: MACHINE, AWS_ENDPOINT_URL_SFN: server.url };
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
