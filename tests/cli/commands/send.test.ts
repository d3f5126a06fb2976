import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, test } from '@jest/globals';
import { parseSendArguments, type SendOptions } from '../../../cli/arguments/send.ts';
import { send } from '../../../cli/commands/send.ts';
import { EVENTS, startEventServer, TARGET } from '../../local/server/event-helpers.ts';
import { MACHINE, PASS } from '../../local/server/helpers.ts';
import { runCliUnmasked } from '../process.ts';

const UUID = '[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}';

/** Runs the command; `stdin` is what comes through a pipe, or a terminal where it is undefined. */
async function run(words: string[], env: Record<string, string> = {}, stdin?: string) {
  const output = { stdout: '', stderr: '' };
  const writer = (name: 'stdout' | 'stderr') => ({
    write(text: string) {
      output[name] += text;
      return true;
    },
  });
  const input = stdin === undefined ? { isTTY: true } : Readable.from([Buffer.from(stdin)]);
  const options = parseSendArguments(words, env) as SendOptions;
  const io = { stdin: input, stdout: writer('stdout'), stderr: writer('stderr') };
  return { code: await send(options, io as never), ...output };
}

/** An endpoint with a bus whose every event starts an execution. */
async function serve(name = 'pipeline', options: Parameters<typeof startEventServer>[0] = {}) {
  const server = await startEventServer(options);
  await server.create(PASS);
  await server.events.createEventBus({ Name: name });
  await server.putRule([TARGET], { EventBusName: name, EventPattern: '{"source":[{"prefix":""}]}' });
  return server;
}

test('an event has the prompt and its request as detail; its id is on stdout, the command on stderr', async () => {
  const server = await serve();
  const flags = ['--system', 's', '--model', 'm', '--max-tokens', '5', '--temperature', '0.5'];
  const { code, stdout, stderr } = await run(['--endpoint-url', server.url, ...flags, 'Tell', 'me'], {
    AWS_REGION: 'eu-west-1',
  });
  const [execution] = await server.ended(1);
  const event = JSON.parse(execution?.input ?? '');
  expect([code, stdout]).toEqual([0, `${event.id}\n`]);
  expect(stderr).toBe(
    `Sent PromptSubmitted to event bus pipeline at ${server.url}; what becomes of it:
  aws stepfunctions describe-execution --region eu-west-1 --endpoint-url ${server.url} --execution-arn arn:aws:states:eu-west-1:123456789012:execution:pipeline:${event.id}
`,
  );
  expect(event).toMatchObject({
    source: 'orchestrated-bedrock-pipeline.client',
    'detail-type': 'PromptSubmitted',
    detail: { prompt: 'Tell me', system: 's', modelIds: ['m'], inferenceConfig: { maxTokens: 5, temperature: 0.5 } },
  });
});

test('a prompt comes through a pipe, too, and an ARN names a bus', async () => {
  const server = await serve('other');
  const words = ['--endpoint-url', server.url, '--event-bus', `${EVENTS}:event-bus/other`];
  expect((await run(words, {}, 'line 1\nline 2\n')).code).toBe(0);
  const [execution] = await server.ended(1);
  expect(JSON.parse(execution?.input ?? '').detail).toEqual({ prompt: 'line 1\nline 2' });
});

describe('a prompt that fits no payload', () => {
  const folder = mkdtempSync(join(tmpdir(), 'send-'));
  const file = join(folder, 'book.txt');
  const book = `${'ü'.repeat(150_000)}Why?`;
  writeFileSync(file, `${book}\n`);
  afterAll(() => rmSync(folder, { recursive: true }));

  test('goes through S3, and the event has where it lies', async () => {
    const s3Dir = join(folder, 's3');
    const server = await serve('pipeline', { s3Dir, s3Buckets: ['pipeline-payloads'] });
    expect((await run(['--endpoint-url', server.url, '--prompt-file', file])).code).toBe(0);
    const [name = ''] = readdirSync(join(s3Dir, 'pipeline-payloads/prompts'));
    const [execution] = await server.ended(1);
    const promptUri = `s3://pipeline-payloads/prompts/${name}`;
    expect(JSON.parse(execution?.input ?? '').detail).toEqual({ promptUri });
    expect(readFileSync(join(s3Dir, 'pipeline-payloads/prompts', name), 'utf8')).toBe(book);
  });

  test('sends nothing where it cannot be stored', async () => {
    const server = await serve('pipeline', { s3Dir: join(folder, 'empty'), s3Buckets: [] });
    const { code, stdout, stderr } = await run(['--endpoint-url', server.url, '--prompt-file', file]);
    expect([code, stdout, stderr]).toEqual([
      1,
      '',
      expect.stringMatching(
        /^Amazon S3: s3:\/\/pipeline-payloads\/prompts\/\S+ cannot be stored \(HTTP 404: NoSuchBucket: [^\n]+\)\n$/,
      ),
    ]);
    expect((await server.sfn.listExecutions({ stateMachineArn: MACHINE })).executions).toEqual([]);
  });

  test('needs the bucket of the deployment', async () => {
    const env = { EVENT_BUS_NAME: 'bus', AWS_REGION: 'eu-west-1' };
    await expect(run(['--prompt-file', file], env)).rejects.toThrow(
      'prompt: found an input of 300017 bytes, allowed is at most 196608, or PAYLOAD_BUCKET, which "npm run deploy" printed, ' +
        'to upload it to',
    );
  });
});

test('a prompt that lies in S3 is named, whoever types at the terminal', async () => {
  const server = await serve();
  await run(['--endpoint-url', server.url, '--prompt-uri', 's3://mine/a.txt', '--system', 's']);
  const [execution] = await server.ended(1);
  expect(JSON.parse(execution?.input ?? '').detail).toEqual({ promptUri: 's3://mine/a.txt', system: 's' });
});

test('a bus that is not there gets one line: EventBridge would drop the event', async () => {
  const { url } = await serve();
  expect(await run(['--endpoint-url', url, '--event-bus', 'none', 'Hi'])).toEqual({
    code: 1,
    stdout: '',
    stderr: `Event bus none does not exist at ${url}: allowed is one that does\n`,
  });
});

test('an endpoint where nobody listens gets one line', async () => {
  const gone = createServer();
  await new Promise<void>((done) => gone.listen(0, '127.0.0.1', done));
  const { port } = gone.address() as AddressInfo;
  await new Promise((done) => gone.close(done));
  const cwd = mkdtempSync(join(tmpdir(), 'send-'));
  const result = await runCliUnmasked(['--endpoint-url', `http://127.0.0.1:${port}`, 'Hi'], { cwd, entry: 'send' });
  rmSync(cwd, { recursive: true });
  expect(result).toEqual({
    code: 1,
    stdout: '',
    stderr: `EventBridge at http://127.0.0.1:${port} cannot be reached (connect ECONNREFUSED 127.0.0.1:${port}): start it with npm run dev; or name a deployed event bus with --event-bus or EVENT_BUS_NAME\n`,
  });
});

/** An EventBridge that answers each action with this. */
async function answering(answers: Record<string, [status: number, body: object]>) {
  const server = createServer((request, response) => {
    const action = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const [status, body] = answers[action] ?? [400, { __type: 'UnknownOperationException' }];
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

const DENIED: [number, object] = [400, { __type: 'AccessDeniedException', message: 'not you' }];

test.each<[string, Record<string, [number, object]>, number, RegExp]>([
  [
    'an entry is refused',
    {
      DescribeEventBus: [200, {}],
      PutEvents: [
        200,
        { FailedEntryCount: 1, Entries: [{ ErrorCode: 'ThrottlingException', ErrorMessage: 'slow down' }] },
      ],
    },
    1,
    /^EventBridge refused the event: ThrottlingException: slow down\n$/,
  ],
  [
    'the request is refused',
    { DescribeEventBus: DENIED, PutEvents: DENIED },
    1,
    /^EventBridge refused: AccessDeniedException \(not you\): allow events:PutEvents on the event bus to these credentials\n$/,
  ],
  [
    'nobody may look at the bus, which hinders nothing',
    { DescribeEventBus: DENIED, PutEvents: [200, { FailedEntryCount: 0, Entries: [{ EventId: 'e' }] }] },
    0,
    /^Sent PromptSubmitted /,
  ],
])('%s', async (_, answers, code, stderr) => {
  const { url, close } = await answering(answers);
  const result = await run(['--endpoint-url', url, 'Hi']);
  close();
  expect([result.code, result.stderr]).toEqual([code, expect.stringMatching(stderr)]);
});

test.each<[string[], string | undefined, string]>([
  [[], undefined, 'prompt: found an empty standard input, allowed is text, as an argument or from a pipe'],
  [[], '\n', 'prompt: found an empty standard input, allowed is text, as an argument or from a pipe'],
  [[], ' \n', 'prompt: found only white space on standard input, allowed is text, as an argument or from a pipe'],
  [['--prompt-file', 'nowhere'], '', '--prompt-file: found "nowhere" (ENOENT), allowed is a text file in UTF-8'],
  [['x'.repeat(8_000_001)], '', 'prompt: found 8000001 bytes, allowed is at most 8000000'],
])('wrong use sends nothing', async (words, stdin, message) => {
  await expect(run(words, {}, stdin)).rejects.toThrow(message);
});

test('without STATE_MACHINE_ARN a deployed bus is told by the name of the execution alone', async () => {
  const { url, close } = await answering({
    DescribeEventBus: [200, {}],
    PutEvents: [200, { FailedEntryCount: 0, Entries: [{ EventId: 'e' }] }],
  });
  const env = { EVENT_BUS_NAME: 'bus', AWS_REGION: 'eu-west-1' };
  process.env['AWS_ENDPOINT_URL_EVENTBRIDGE'] = url;
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's' });
  try {
    const machine = 'arn:aws:states:eu-west-1:123456789012:stateMachine:jokes';
    expect((await run(['Hi'], env)).stderr).toBe(
      'Sent PromptSubmitted to event bus bus in eu-west-1; its execution is named e: with STATE_MACHINE_ARN set, the command that shows it stands here\n',
    );
    expect((await run(['Hi'], { ...env, STATE_MACHINE_ARN: `${machine}:live` })).stderr).toBe(
      `Sent PromptSubmitted to event bus bus in eu-west-1; what becomes of it:
  aws stepfunctions describe-execution --region eu-west-1 --execution-arn arn:aws:states:eu-west-1:123456789012:execution:jokes:e
`,
    );
  } finally {
    for (const name of ['AWS_ENDPOINT_URL_EVENTBRIDGE', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])
      delete process.env[name];
    close();
  }
});

test('an id on stdout is all that a script needs', async () => {
  const server = await serve();
  expect((await run(['--endpoint-url', server.url, 'Hi'])).stdout).toMatch(new RegExp(`^${UUID}\n$`));
});
