import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { DescribeExecutionCommand, SFN, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type DevOptions, parseDevArguments } from '../../../cli/arguments/dev.ts';
import { dev } from '../../../cli/commands/dev.ts';
import { serveFor } from './serving.ts';

let folder: string;
const closers: (() => void)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dev-'));
});
afterEach(() => {
  for (const close of closers.splice(0)) close();
  rmSync(folder, { recursive: true });
});

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const lambdaMachine = (functionName: string): string =>
  JSON.stringify({
    QueryLanguage: 'JSONata',
    StartAt: 'S',
    States: {
      S: {
        Type: 'Task',
        Resource: `arn:aws:lambda:us-east-1:123456789012:function:${functionName}`,
        End: true,
      },
    },
  });

/** Serves until `use` is done with the URL; returns what was printed, and the exit code. */
async function serve(words: string[], use?: Parameters<typeof serveFor>[1]) {
  const options = parseDevArguments(['--port', '0', ...words], {}) as DevOptions;
  return serveFor((io) => dev(options, io), use);
}

/** Runs a state machine to its end. */
async function run(endpoint: string, machine: string, input: string) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SFNClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  closers.push(() => client.destroy());
  const stateMachineArn = `arn:aws:states:us-east-1:123456789012:stateMachine:${machine}`;
  const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn, input }));
  for (;;) {
    const { status, output, error, cause } = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== 'RUNNING') return { status, output: output && JSON.parse(output), error, cause };
  }
}

test('the pipeline is there, and answers', async () => {
  const { code, stdout, stderr } = await serve(['--memory'], async (url) => {
    expect(await run(url, 'pipeline', '{"prompt":"hi"}')).toMatchObject({
      status: 'SUCCEEDED',
      output: { response: expect.stringContaining('[stand-in, no model was asked]') },
    });
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')).toBe(
    `Step Functions and EventBridge on http://127.0.0.1:PORT, in memory
Console http://127.0.0.1:PORT/
State machine arn:aws:states:us-east-1:123456789012:stateMachine:pipeline
State machine arn:aws:states:us-east-1:123456789012:stateMachine:pipeline-starter
Start an execution, with any credentials:
  aws stepfunctions start-execution --region us-east-1 --endpoint-url http://127.0.0.1:PORT --state-machine-arn arn:aws:states:us-east-1:123456789012:stateMachine:pipeline --input '{"prompt":"Tell me a joke"}'
or send an event that starts one, to the event bus pipeline:
  npm run send -- --endpoint-url http://127.0.0.1:PORT "Tell me a joke"
Ctrl-C stops it; what runs goes on at the next start.
`,
  );
});

test('what the functions log is kept in the data folder, and is read through the API of CloudWatch Logs', async () => {
  const data = join(folder, 'data');
  const response = { event: 'response', level: 'INFO', message: 'Response', complete: true };
  await serve(['--data-dir', data], async (url) => {
    await run(url, 'pipeline', '{"prompt":"hi"}');
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'x-amz-target': 'Logs_20140328.FilterLogEvents' },
      body: JSON.stringify({ logGroupName: 'functions', filterPattern: '{ $.event = "response" }' }),
    });
    const { events } = (await answer.json()) as { events: { message: string }[] };
    expect(events.map(({ message }) => JSON.parse(message))).toEqual([expect.objectContaining(response)]);
  });
  const kept = readFileSync(join(data, 'functions.log'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).event);
  expect(kept).toEqual(['prompt_received', 'model_responded', 'response']);
});

test('an event starts the pipeline, whose end is an event that starts another machine, after a restart too', async () => {
  const heard = file('heard.asl.json', JSON.stringify({ StartAt: 'P', States: { P: { Type: 'Pass', End: true } } }));
  const data = ['--data-dir', join(folder, 'events'), '--definition', `heard=${heard}`];
  const arn = (machine: string) => `arn:aws:states:us-east-1:123456789012:stateMachine:${machine}`;
  for (const start of [1, 2]) {
    const { code, stderr } = await serve(data, async (endpoint) => {
      const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
      const settings = { endpoint, region: 'us-east-1', credentials, maxAttempts: 1 };
      const [events, sfn] = [new EventBridge(settings), new SFN(settings)];
      closers.push(
        () => events.destroy(),
        () => sfn.destroy(),
      );
      const onBus = { EventBusName: 'pipeline', Rule: 'heard' };
      const EventPattern = '{"source":["orchestrated-bedrock-pipeline"]}';
      await events.putRule({ EventBusName: 'pipeline', Name: 'heard', EventPattern });
      const target = { Id: 't', Arn: arn('heard'), RoleArn: 'arn:aws:iam::123456789012:role/r', InputPath: '$.detail' };
      await events.putTargets({ ...onBus, Targets: [target] });
      const { Entries = [] } = await events.putEvents({
        Entries: [
          {
            EventBusName: 'pipeline',
            Source: 'orchestrated-bedrock-pipeline.client',
            DetailType: 'PromptSubmitted',
            Detail: '{"prompt":"hi"}',
          },
        ],
      });
      const executionArn = arn('pipeline').replace(':stateMachine:', ':execution:').concat(`:${Entries[0]?.EventId}`);
      const announced = async () => (await sfn.listExecutions({ stateMachineArn: arn('heard') })).executions ?? [];
      while ((await announced()).length < start);
      const [last] = await announced();
      const { input = '' } = await sfn.describeExecution({ executionArn: last?.executionArn });
      const described = async () => sfn.describeExecution({ executionArn });
      while ((await described()).status === 'RUNNING');
      const { output = '' } = await described();
      expect(JSON.parse(input)).toEqual({ ...JSON.parse(output), executionArn, metadata: {} });
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  }
});

test("the user's own functions and machines are there, and are brought up to date at the next start", async () => {
  const hello = file(
    'hello.mjs',
    'export const handler = (event) => ({ hello: event }); export const run = (n) => n * 2;',
  );
  const data = ['--data-dir', join(folder, 'data'), '--function', `hello=${hello}`, '--function', `run=${hello}#run`];
  await serve([...data, '--definition', `own=${file('own.json', lambdaMachine('hello'))}`], async (url) => {
    expect(await run(url, 'own', '1')).toMatchObject({ output: { hello: 1 } });
  });
  await serve([...data, '--definition', `own=${file('own.json', lambdaMachine('run'))}`], async (url) => {
    expect(await run(url, 'own', '21')).toMatchObject({ output: 42 });
  });
});

test('functions that are not here are invoked at the Lambda endpoint', async () => {
  const lambda = createServer((request, response) => {
    const [, name] = /functions\/([^/]+)\/invocations$/.exec(decodeURIComponent(request.url ?? '')) ?? [];
    let payload = '';
    request.on('data', (chunk) => (payload += chunk));
    request.on('end', () => {
      if (name?.endsWith(':fails')) {
        response.setHeader('x-amz-function-error', 'Unhandled');
        response.end('{"errorType":"Oops","errorMessage":"no"}');
      } else if (name?.endsWith(':throttled')) {
        response.writeHead(429, { 'x-amzn-errortype': 'TooManyRequestsException:' }).end('{"Reason":"x"}');
      } else response.end(`{"name":"${name}","got":${payload}}`);
    });
  });
  await new Promise<void>((done) => lambda.listen(0, '127.0.0.1', done));
  closers.push(() => lambda.close());
  const machines = ['works', 'fails', 'throttled'].flatMap((name) => [
    '--definition',
    `${name}=${file(name, lambdaMachine(name))}`,
  ]);
  const endpoint = `http://127.0.0.1:${(lambda.address() as AddressInfo).port}/`;
  await serve(['--memory', '--lambda-endpoint', endpoint, ...machines], async (url) => {
    const name = 'arn:aws:lambda:us-east-1:123456789012:function:works';
    expect(await run(url, 'works', '1')).toMatchObject({ output: { name, got: 1 } });
    const cause = '{"errorType":"Oops","errorMessage":"no"}';
    expect(await run(url, 'fails', '1')).toMatchObject({ status: 'FAILED', error: 'Oops', cause });
    expect(await run(url, 'throttled', '1')).toMatchObject({
      error: 'Lambda.TooManyRequestsException',
      cause: '{"Reason":"x"}',
    });
  });
});

test('a Lambda endpoint where nobody listens fails the task as the SDK does', async () => {
  const definition = `own=${file('own.json', lambdaMachine('gone'))}`;
  await serve(['--memory', '--lambda-endpoint', 'http://127.0.0.1:9', '--definition', definition], async (url) => {
    const { error, cause } = await run(url, 'own', '1');
    expect(error).toBe('Lambda.SdkClientException');
    expect(cause).toMatch(
      /^Unable to invoke arn:aws:lambda:us-east-1:123456789012:function:gone at http:\/\/127\.0\.0\.1:9: /,
    );
  });
});

test.each<[string, () => string[], string]>([
  [
    'a function file that is missing',
    () => ['--function', `f=${join(folder, 'f.mjs')}`],
    '--function f: FOLDER/f.mjs cannot be loaded: Cannot find module',
  ],
  [
    'a function that is not exported',
    () => ['--function', `f=${file('f.mjs', 'export const a = 1;')}`],
    '--function f: FOLDER/f.mjs exports a, allowed is a function named handler\n',
  ],
  [
    'a definition file that is missing',
    () => ['--definition', `d=${join(folder, 'd.json')}`],
    '--definition d: FOLDER/d.json cannot be read: ENOENT',
  ],
  [
    'a definition that is invalid',
    () => ['--definition', `d=${file('d.json', '{}')}`],
    "--definition d: FOLDER/d.json is refused: Invalid State Machine Definition: '",
  ],
  [
    'a mock configuration that is missing',
    () => ['--mock-config', join(folder, 'm.json')],
    'The mock configuration FOLDER/m.json cannot be read: ENOENT',
  ],
  [
    'a data folder that is a file',
    () => ['--data-dir', file('data', '')],
    'The data folder FOLDER/data cannot be used: EEXIST',
  ],
])('%s gets one line and exit code 1', async (_, words, message) => {
  const given = words();
  const { code, stderr } = await serve(given.includes('--data-dir') ? given : ['--memory', ...given]);
  expect(code).toBe(1);
  expect(stderr.replaceAll(folder, 'FOLDER').slice(0, message.length)).toBe(message);
  expect(stderr.split('\n')).toHaveLength(2);
});

test('another address is listened on with a warning, and requests by any other name are refused', async () => {
  const { code, stderr } = await serve(['--memory', '--host', '127.0.0.2'], async (url) => {
    expect(url).toMatch(/^http:\/\/127\.0\.0\.2:\d+$/);
    expect(await run(url, 'pipeline', '{"prompt":"hi"}')).toMatchObject({ status: 'SUCCEEDED' });
    const status = await new Promise((done, fail) => {
      const sent = request(url, { method: 'POST', headers: { host: 'rebound.example' } }, ({ statusCode }) =>
        done(statusCode),
      );
      sent.on('error', fail).end('{}');
    });
    expect(status).toBe(403);
  });
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: 'Listening on 127.0.0.2: whoever reaches it can run the functions and read the executions\n',
  });
});

test('an address of another machine gets one line and exit code 1', async () => {
  const { code, stderr } = await serve(['--memory', '--host', '192.0.2.1']);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: '--host: 192.0.2.1 is no address of this machine, allowed is one that is\n',
  });
});

test('a port in use gets one line and exit code 1', async () => {
  const other = createServer();
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
  closers.push(() => other.close());
  const { port } = other.address() as AddressInfo;
  const { code, stderr } = await serve(['--memory', '--port', String(port)]);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `--port: ${port} is in use, allowed is a free one, or 0 for any\n`,
  });
});
