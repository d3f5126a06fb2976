import { request as httpRequest, type RequestOptions } from 'node:http';
import { connect } from 'node:net';
import { ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type StandInRequest, startBedrockStandIn } from '../../../local/bedrock/server.ts';
import { ask, clientOf, failureOf, HAIKU_4_5, HAIKU_5_5, NOW, type Running, start, stopAll } from './helpers.ts';

let standIn: Running;
const seen: StandInRequest[] = [];
beforeAll(async () => {
  standIn = await start({ onRequest: (request) => seen.push(request) });
});
afterAll(stopAll);

const PATH = `/model/${encodeURIComponent(HAIKU_4_5)}/converse`;
const GOOD_BODY = JSON.stringify({ messages: [{ role: 'user', content: [{ text: 'hi' }] }] });

interface Reply {
  readonly status: number | undefined;
  readonly type: unknown;
  readonly requestId: unknown;
  readonly message: unknown;
}

/** Sends what no SDK would send. */
function send(body: string | Buffer, options: RequestOptions = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(standIn.url + PATH, { method: 'POST', agent: false, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const { message } = JSON.parse(Buffer.concat(chunks).toString()) as { message?: unknown };
        const { 'x-amzn-errortype': type, 'x-amzn-requestid': requestId } = response.headers;
        resolve({ status: response.statusCode, type, requestId, message });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

const refusal = (status: number, type: string, message: string): Reply => ({
  status,
  type,
  requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  message,
});

describe('a request that is no Converse call', () => {
  test('of another operation is an unknown operation', async () => {
    const command = new ConverseStreamCommand({ modelId: HAIKU_5_5, messages: [] });
    expect(await failureOf(standIn.client.send(command))).toEqual({
      name: 'UnknownOperationException',
      status: 404,
      message:
        'The stand-in answers POST /model/{modelId}/converse only, not POST /model/global.anthropic.claude-haiku-5-5/converse-stream.',
    });
  });

  test.each([
    ['GET', PATH],
    ['PUT', PATH],
    ['POST', '/'],
    ['POST', '/model//converse'],
    ['POST', `${PATH}/more`],
  ])('%s %s is an unknown operation', async (method, path) => {
    expect(await send('', { method, path })).toEqual(
      refusal(
        404,
        'UnknownOperationException',
        `The stand-in answers POST /model/{modelId}/converse only, not ${method} ${path}.`,
      ),
    );
  });
});

test('a model id that is badly encoded is no model', async () => {
  expect(await send(GOOD_BODY, { path: '/model/%/converse' })).toEqual(
    refusal(400, 'ValidationException', 'The provided model identifier is invalid.'),
  );
});

test('a failure of the stand-in itself is an internal error', async () => {
  const times = [NOW];
  const now = () => {
    const time = times.shift();
    if (time === undefined) throw new Error('the clock stopped');
    return time;
  };
  const { client } = await start({ now });
  expect(await failureOf(client.send(ask('hi')))).toEqual({
    name: 'InternalServerException',
    status: 500,
    message: 'The stand-in failed: Error: the clock stopped',
  });
});

describe('a body', () => {
  test.each([
    ['', 'The body of the request is not valid JSON.'],
    ['{"messages":', 'The body of the request is not valid JSON.'],
    ['[]', 'Unexpected type at the body: expected an object.'],
    ['{"messages":"hi"}', 'Unexpected type at messages: expected a list.'],
    ['{"messages":[7]}', 'Unexpected type at messages.0: expected an object.'],
    ['{"messages":[{"role":"user","content":"hi"}]}', 'Unexpected type at messages.0.content: expected a list.'],
    [
      '{"messages":[{"role":"user","content":[{"text":7}]}]}',
      'Unexpected type at messages.0.content.0.text: expected a string.',
    ],
    ['{"inferenceConfig":{"maxTokens":1.5}}', 'Unexpected type at inferenceConfig.maxTokens: expected an integer.'],
    ['{"inferenceConfig":{"topP":"1"}}', 'Unexpected type at inferenceConfig.topP: expected a number.'],
    [
      '{"inferenceConfig":{"stopSequences":[1]}}',
      'Unexpected type at inferenceConfig.stopSequences.0: expected a string.',
    ],
  ])('%s cannot be read', async (body, message) => {
    expect(await send(body)).toEqual(refusal(400, 'SerializationException', message));
  });

  const tooLarge = refusal(413, 'RequestEntityTooLargeException', 'The body is larger than 20971520 bytes.');

  test('over the limit is refused by its announced length', async () => {
    expect(await send(Buffer.alloc(20 * 1024 * 1024 + 1, ' '))).toEqual(tooLarge);
  });

  test('over the limit is refused when it comes without a length', async () => {
    const headers = { 'transfer-encoding': 'chunked' };
    expect(await send(Buffer.alloc(20 * 1024 * 1024 + 1, ' '), { headers })).toEqual(tooLarge);
  });

  test('at the limit is read', async () => {
    const body = GOOD_BODY + ' '.repeat(20 * 1024 * 1024 - GOOD_BODY.length);
    expect((await send(body)).status).toBe(200);
  });
});

describe('the Host header', () => {
  test.each(['localhost', '127.0.0.1:8080', '[::1]:443', 'LOCALHOST:1'])('%s is loopback', async (host) => {
    expect((await send(GOOD_BODY, { headers: { host } })).status).toBe(200);
  });

  test.each(['example.com', '127.0.0.1.example.com', 'localhost.example.com:80'])('%s is refused', async (host) => {
    expect(await send(GOOD_BODY, { headers: { host } })).toEqual(
      refusal(403, 'AccessDeniedException', `The stand-in answers a loopback Host only, not "${host}".`),
    );
  });
});

/** Writes bytes to the port and resolves with what came back when the connection has ended. */
function raw(url: string, bytes: string, { hangUp = false } = {}): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let reply = '';
    const socket = connect(Number(port), hostname, () => {
      socket.write(bytes, () => hangUp && socket.destroy());
    });
    socket.on('data', (chunk) => {
      reply += chunk;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(reply));
  });
}

const HALF_AN_UPLOAD = `POST ${PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{"mess`;

describe('a connection', () => {
  test('that speaks no HTTP is ended, and the next request is answered', async () => {
    expect(await raw(standIn.url, 'What is this?\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect((await standIn.client.send(ask('hi'))).stopReason).toBe('end_turn');
  });

  test('that breaks off an upload uses up no fault', async () => {
    let tell: (request: StandInRequest) => void = () => undefined;
    const dropped = new Promise<StandInRequest>((resolve) => {
      tell = resolve;
    });
    const running = await start({ onRequest: (request) => tell(request), faults: [{ name: 'DailyQuota', count: 1 }] });
    await raw(running.url, HALF_AN_UPLOAD, { hangUp: true });
    expect(await dropped).toEqual({ modelId: HAIKU_4_5, status: undefined, error: undefined });
    expect((await failureOf(running.client.send(ask('hi')))).name).toBe('ThrottlingException');
  });
});

test('onRequest is told of each request', async () => {
  seen.length = 0;
  await standIn.client.send(ask('hi'));
  await failureOf(standIn.client.send(ask('hi', { modelId: 'nothing' })));
  await send('', { method: 'GET', path: '/' });
  standIn.addFault({ name: 'ConnectionReset', count: 1 });
  await failureOf(standIn.client.send(ask('hi')));
  expect(seen).toEqual([
    { modelId: HAIKU_4_5, status: 200, error: undefined },
    { modelId: 'nothing', status: 400, error: 'ValidationException' },
    { modelId: undefined, status: 404, error: 'UnknownOperationException' },
    { modelId: HAIKU_4_5, status: undefined, error: undefined },
  ]);
});

test('50 requests at once are each answered with their own answer', async () => {
  const prompts = Array.from({ length: 50 }, (_, index) => `Count to ${index}`);
  const answers = await Promise.all(prompts.map((prompt) => standIn.client.send(ask(prompt))));
  expect(answers.map(({ output }) => output?.message?.content?.[0]?.text)).toEqual(
    prompts.map(
      (prompt) =>
        `[stand-in, no model was asked] Your prompt of 3 words arrived whole: "${prompt}". A real model would answer it; I can only tell you that it got through.`,
    ),
  );
});

describe('close', () => {
  test('ends kept-alive connections, frees the port, and can be called again', async () => {
    const running = await start();
    await running.client.send(ask('hi'));
    await running.close();
    await running.close();
    const client = clientOf(running.url);
    await expect(client.send(ask('hi'))).rejects.toThrow(/connect ECONNREFUSED /);
    client.destroy();
  });

  test('does not wait for an upload that never ends', async () => {
    const running = await start();
    const upload = raw(running.url, HALF_AN_UPLOAD);
    await running.client.send(ask('hi'));
    await running.close();
    expect(await upload).toBe('');
  });
});

test('a port that is taken is refused in one line', async () => {
  const port = Number(new URL(standIn.url).port);
  await expect(startBedrockStandIn({ port, models: [] })).rejects.toHaveProperty(
    'message',
    `The Bedrock stand-in cannot listen on 127.0.0.1:${port}: EADDRINUSE`,
  );
});
