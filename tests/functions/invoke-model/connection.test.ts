import '../one-realm.ts';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createInvokeModel } from '../../../functions/invoke-model/invoke-model.ts';
import { createBedrockClient } from '../../../functions/shared/bedrock-client.ts';
import { DEPLOYED_SIZE } from '../../../functions/shared/cost.ts';
import { memoryObjects, PAYLOAD_BUCKET } from '../../support/memory-objects.ts';
import { NO_FEATURES } from '../../support/settings.ts';
import { recordingLog } from '../recording-log.ts';
import { recordingMetrics } from '../recording-metrics.ts';
import { HAIKU_5, invokeEvent } from './events.ts';

/** Long enough for a loopback answer, short enough not to wait for. */
const TINY_TIMEOUT_MS = 40;

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  cleanUps.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return listen(server);
}

function page(status: number): RequestListener {
  return (_, response) => response.writeHead(status, { 'content-type': 'text/html' }).end('<html>down</html>');
}

async function invokeAt(port: number, http: { requestTimeout?: number; socketTimeout?: number } = {}) {
  const client = createBedrockClient({
    client: {
      region: 'us-east-1',
      endpoint: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    },
    http,
  });
  cleanUps.push(() => client.destroy());
  const deps = {
    log: recordingLog(),
    metrics: recordingMetrics(),
    logContent: true,
    store: memoryObjects(),
    payloadBucket: PAYLOAD_BUCKET,
    size: DEPLOYED_SIZE,
    features: NO_FEATURES,
  };
  return createInvokeModel({ ...deps, client, now: () => 0 })(invokeEvent());
}

/** The thrown error, which must be ModelConnectionError: its message without the common beginning, and its cause. */
async function failureAt(...args: Parameters<typeof invokeAt>) {
  const error = await invokeAt(...args).then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  const [model, failure = ''] = (error?.message ?? '').split(': no answer from Bedrock ');
  expect([error?.name, model]).toEqual(['ModelConnectionError', HAIKU_5]);
  return { failure, cause: error?.cause as Error };
}

describe('no answer from Bedrock is ModelConnectionError that says why', () => {
  test('when the port is refused', async () => {
    const server = createTcpServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const { failure, cause } = await failureAt(port);
    expect(failure).toBe(`(ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:${port})`);
    expect(cause).toMatchObject({ name: 'Error', code: 'ECONNREFUSED' });
  });

  test('when the connection is reset', async () => {
    const { failure, cause } = await failureAt(await serve(({ socket }) => socket.resetAndDestroy()));
    expect(failure).toBe('(ECONNRESET: read ECONNRESET)');
    expect(cause).toMatchObject({ name: 'TimeoutError', code: 'ECONNRESET' });
  });

  test('when the connection closes without an answer', async () => {
    expect((await failureAt(await serve(({ socket }) => socket.destroy()))).failure).toBe(
      '(ECONNRESET: socket hang up)',
    );
  });

  test('when the connection closes in the middle of an answer', async () => {
    const port = await serve(({ socket }, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"output"', () => socket.destroy());
    });
    expect((await failureAt(port)).failure).toBe('(HTTP 200: ECONNRESET: aborted)');
  });

  test.each([502, 504, 403])('when a gateway answers with HTML and status %i', async (status) => {
    const { failure, cause } = await failureAt(await serve(page(status)));
    expect(failure).toBe(`(HTTP ${status}: SyntaxError: Unexpected token '<', "<html>down</html>" is not valid JSON)`);
    expect(cause.name).toBe('SyntaxError');
  });

  test('when a 503 names no error', async () => {
    const port = await serve((_, response) => response.writeHead(503).end());
    expect((await failureAt(port)).failure).toBe('(HTTP 503: Unknown: UnknownError)');
  });

  test('when the answer is no HTTP', async () => {
    const server = createTcpServer((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
    cleanUps.push(() => server.close());
    const { failure } = await failureAt(await listen(server));
    expect(failure).toMatch(/^\(HPE_INVALID_CONSTANT: Parse Error: Expected HTTP\//);
  });

  test('when the server stays silent', async () => {
    const { failure, cause } = await failureAt(await serve(() => {}), { requestTimeout: TINY_TIMEOUT_MS });
    expect(failure).toBe(
      '(ETIMEDOUT: @smithy/node-http-handler - [ERROR] a request has exceeded the configured 40 ms requestTimeout.)',
    );
    expect(cause).toMatchObject({ name: 'TimeoutError', code: 'ETIMEDOUT' });
  });

  test('when the answer stalls after its headers', async () => {
    const port = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{"output"');
    });
    expect((await failureAt(port, { socketTimeout: TINY_TIMEOUT_MS })).failure).toBe(
      '(HTTP 200: TimeoutError: @smithy/node-http-handler - the request socket timed out after 40 ms of inactivity ' +
        '(configured by client requestHandler).)',
    );
  });
});

test('a failing answer is asked for once: the client does not retry', async () => {
  let calls = 0;
  const port = await serve((_, response) => {
    calls += 1;
    response.writeHead(429, { 'content-type': 'application/json', 'x-amzn-errortype': 'ThrottlingException' });
    response.end('{"message":"Too many requests, please wait before trying again."}');
  });
  await expect(invokeAt(port)).rejects.toMatchObject({
    name: 'ThrottlingException',
    message: 'Too many requests, please wait before trying again.',
  });
  expect(calls).toBe(1);
});
