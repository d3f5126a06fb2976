import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createAwsProxy } from '../../../../local/console/server/aws-proxy.ts';
import { createRouter } from '../../../../local/server/router.ts';

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: Record<string, unknown>;
  readonly body: string;
}

const SECRET = 'secret-of-the-caller';
let received: Received[] = [];
let answer = { status: 200, body: '{"executions":[]}' };
const servers: Server[] = [];
let aws: string;
const closers: (() => void)[] = [];

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  aws = await listen(
    createServer((call, response) => {
      let body = '';
      call.on('data', (chunk) => (body += chunk));
      call.on('end', () => {
        received.push({ method: call.method, url: call.url, headers: call.headers, body });
        response.writeHead(answer.status, { 'x-amzn-requestid': 'id' }).end(answer.body);
      });
    }),
  );
});
afterAll(() => {
  for (const close of closers) close();
  for (const server of servers) server.close();
});
beforeEach(() => {
  received = [];
  answer = { status: 200, body: '{"executions":[]}' };
});

async function openProxy(
  options: { allowWrites?: boolean; endpoint?: string; credentials?: () => Promise<never> } = {},
) {
  const { allowWrites = false, endpoint = aws } = options;
  const credentials = options.credentials ?? { accessKeyId: 'AKID', secretAccessKey: SECRET, sessionToken: 'token' };
  const client = new SFNClient({ region: 'eu-west-1', credentials });
  closers.push(() => client.destroy());
  return listen(createServer(createRouter('127.0.0.1', [createAwsProxy({ client, endpoint, allowWrites })])));
}

interface Call {
  readonly target?: string;
  readonly body?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
}

function call(
  url: string,
  { target = 'AWSStepFunctions.ListExecutions', body = '{}', method = 'POST', headers = {} }: Call = {},
) {
  return new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    const sent = { origin: url, 'x-amz-target': target, ...headers };
    const outgoing = request(url, { method, headers: sent }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode, body: text }));
    });
    outgoing.on('error', reject).end(body);
  });
}

const refused = (message: string) => ({
  status: 403,
  body: JSON.stringify({ __type: 'AccessDeniedException', message }),
});

describe('a call of the page', () => {
  test('is signed and passed on, and answered as AWS answers', async () => {
    expect(await call(await openProxy(), { body: '{"maxResults":3}' })).toEqual({
      status: 200,
      body: '{"executions":[]}',
    });
    expect(received).toHaveLength(1);
    expect(received[0]).toMatchObject({
      method: 'POST',
      url: '/',
      body: '{"maxResults":3}',
      headers: {
        host: new URL(aws).host,
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'AWSStepFunctions.ListExecutions',
        'x-amz-security-token': 'token',
        authorization: expect.stringMatching(
          /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-west-1\/states\/aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token;x-amz-target, Signature=[0-9a-f]{64}$/,
        ),
      },
    });
    expect(received[0]?.headers).not.toHaveProperty('origin');
  });

  test('gets the errors of AWS', async () => {
    answer = { status: 400, body: '{"__type":"ExecutionDoesNotExist","message":"No"}' };
    expect(await call(await openProxy())).toEqual(answer);
  });

  test('for logs is signed for CloudWatch Logs', async () => {
    await call(await openProxy(), { target: 'Logs_20140328.FilterLogEvents' });
    expect(received[0]?.headers).toMatchObject({
      'content-type': 'application/x-amz-json-1.1',
      authorization: expect.stringContaining('/eu-west-1/logs/aws4_request'),
    });
  });

  test('for a function tells where it logs, and not its environment', async () => {
    answer = { status: 200, body: '{"Environment":{"Variables":{"KEY":"x"}},"LoggingConfig":{"LogGroup":"group"}}' };
    const target = 'AWSLambda.GetFunctionConfiguration';
    expect(await call(await openProxy(), { target, body: '{"FunctionName":"a/../b"}' })).toEqual({
      status: 200,
      body: '{"LoggingConfig":{"LogGroup":"group"}}',
    });
    expect(received[0]).toMatchObject({
      method: 'GET',
      url: '/2015-03-31/functions/a%2F..%2Fb/configuration',
      headers: { authorization: expect.stringContaining('/eu-west-1/lambda/aws4_request') },
    });
  });

  test('is told when there are no credentials, or no AWS', async () => {
    const credentials = async (): Promise<never> => {
      throw Object.assign(new Error('Could not load credentials from any providers'), {
        name: 'CredentialsProviderError',
      });
    };
    expect(await call(await openProxy({ credentials }))).toEqual({
      status: 502,
      body: '{"__type":"CredentialsProviderError","message":"Could not load credentials from any providers; run aws sso login or aws configure, and try again"}',
    });
    const closed = createServer();
    const endpoint = await listen(closed);
    await new Promise((resolve) => closed.close(resolve));
    expect(await call(await openProxy({ endpoint }))).toEqual({
      status: 502,
      body: JSON.stringify({ __type: 'ConnectionError', message: `No answer from ${endpoint} (ECONNREFUSED)` }),
    });
  });
});

describe('nothing is passed on', () => {
  afterAll(() => expect(received).toEqual([]));

  test.each([
    'AWSStepFunctions.DeleteStateMachine',
    'AWSStepFunctions.CreateStateMachine',
    'AWSStepFunctions.SendTaskSuccess',
    'Logs_20140328.DeleteLogGroup',
    'AWSLambda.Invoke',
    'constructor',
  ])('of %s', async (target) => {
    expect(await call(await openProxy({ allowWrites: true }), { target })).toEqual(
      refused(`The console does not pass ${target} on`),
    );
  });

  test.each(['StartExecution', 'StopExecution', 'RedriveExecution'])(
    'of %s, unless writes are allowed',
    async (action) => {
      expect(await call(await openProxy(), { target: `AWSStepFunctions.${action}` })).toEqual(
        refused(`The console does not pass AWSStepFunctions.${action} on; start it with --allow-writes`),
      );
    },
  );

  test.each<[string, Call]>([
    ['from another origin', { headers: { origin: 'http://evil.example' } }],
    ['from another port of this machine', { headers: { origin: 'http://127.0.0.1:1' } }],
    ['from a file', { headers: { origin: 'null' } }],
    ['that is no POST', { method: 'PUT' }],
  ])('%s', async (_, given) => {
    expect(await call(await openProxy(), given)).toEqual(refused('Only the console itself may call AWS from here'));
  });

  test('without an origin', async () => {
    const url = await openProxy();
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'x-amz-target': 'AWSStepFunctions.ListExecutions' },
    });
    expect(response.status).toBe(403);
  });

  test('by a foreign name of the server, even with its origin', async () => {
    const headers = { host: 'evil.example', origin: 'http://evil.example' };
    expect((await call(await openProxy(), { headers })).status).toBe(403);
  });

  test('that is too large', async () => {
    expect((await call(await openProxy(), { body: 'x'.repeat(1024 * 1024 + 1) })).status).toBe(413);
  });
});

test('writes are passed on where they are allowed', async () => {
  await call(await openProxy({ allowWrites: true }), { target: 'AWSStepFunctions.StopExecution' });
  expect(received.map(({ headers }) => headers['x-amz-target'])).toEqual(['AWSStepFunctions.StopExecution']);
});
