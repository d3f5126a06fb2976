import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createConsole } from '../../../../local/console/server/console.ts';
import type { ConsoleSettings } from '../../../../local/console/settings.ts';
import { type StepFunctionsServer, startStepFunctions } from '../../../../local/server/server.ts';
import { rejectTask } from '../../../../local/tasks/lambda.ts';

const SETTINGS: ConsoleSettings = {
  title: '</script><script>alert(1)</script>',
  allowWrites: true,
  pollMs: 100,
  samples: [],
  advice: { states: [], errors: [] },
  facts: [],
  attemptLabels: [],
  endpoint: 'page',
  logGroups: undefined,
  outcomes: undefined,
};

let server: StepFunctionsServer;
beforeAll(async () => {
  server = await startStepFunctions({ runTask: rejectTask, services: [createConsole(SETTINGS)] });
  // The first request bundles.
  await send('/');
}, 60_000);
afterAll(() => server.close());

interface Answer {
  readonly status: number | undefined;
  readonly headers: Record<string, unknown>;
  readonly body: Buffer;
}

function send(path: string, { method = 'GET', headers = {} } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(`${server.url}${path}`, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    call.on('error', reject).end();
  });
}

const PAGES = ['/', '/executions/arn%3Aaws%3Astates', '/state-machines/arn', '/map-runs/arn', '/dashboard', '/?a=b'];

test.each(PAGES)('%s is the page, and nothing on it may come from elsewhere', async (path) => {
  const { status, headers } = await send(path);
  expect(status).toBe(200);
  expect(headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-cache',
    'content-security-policy':
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
  });
});

test('what the page is told cannot end its script element', async () => {
  const page = (await send('/')).body.toString();
  expect(page.match(/<script/g)).toHaveLength(2);
  const [, json = ''] = /id="settings">(.*?)<\/script>/s.exec(page) ?? [];
  expect(JSON.parse(json)).toEqual(SETTINGS);
});

describe('what the page loads', () => {
  test('is there, is kept by the browser for good, and fits into 600 kB', async () => {
    const page = (await send('/')).body.toString();
    const assets = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path = '']) => path);
    const answers = await Promise.all(assets.map((path) => send(path, { headers: { 'accept-encoding': 'gzip, br' } })));
    expect(answers.map(({ status }) => status)).toEqual(assets.map(() => 200));
    expect(new Set(answers.map(({ headers }) => headers['cache-control']))).toEqual(
      new Set(['public, max-age=31536000, immutable']),
    );
    expect(answers.map(({ headers }) => headers['content-encoding'])).toEqual(assets.map(() => 'br'));
    expect(answers.reduce((sum, { body }) => sum + body.length, 0)).toBeLessThan(600_000);
  });

  test('is the same in every encoding, and HEAD answers its size', async () => {
    const [, path = ''] = /src="(\/assets\/[^"]+)"/.exec((await send('/')).body.toString()) ?? [];
    const plain = await send(path);
    expect(plain.headers['content-encoding']).toBeUndefined();
    const brotli = await send(path, { headers: { 'accept-encoding': 'br;q=1, gzip' } });
    expect(brotliDecompressSync(brotli.body).equals(plain.body)).toBe(true);
    const gzip = await send(path, { headers: { 'accept-encoding': 'br;q=0, gzip' } });
    expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true);
    const head = await send(path, { method: 'HEAD' });
    expect([head.headers['content-length'], head.body.length]).toEqual([String(plain.body.length), 0]);
  });

  test('is nothing else', async () => {
    const { status, body } = await send('/assets/..%2f..%2fpackage.json');
    expect([status, body.toString()]).toEqual([404, 'There is no ..%2f..%2fpackage.json\n']);
  });
});

test.each([
  ['a call of the API', '/', { 'x-amz-target': 'AWSStepFunctions.ListStateMachines' }],
  ['a signed request', '/executions/key', { authorization: 'AWS4-HMAC-SHA256 Credential=a' }],
  ['a request signed in its address', '/executions/key?X-Amz-Signature=a', {}],
  ['an address of another service', '/bucket/key', {}],
])('%s is not for the console', async (_, path, headers) => {
  const { status, body } = await send(path, { headers });
  expect([status, JSON.parse(body.toString())]).toEqual([400, { __type: 'UnknownOperationException', message: '' }]);
});

test('a page by a foreign name of the server is refused', async () => {
  expect((await send('/', { headers: { host: 'evil.example' } })).status).toBe(403);
});
