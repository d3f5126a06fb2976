import '../one-realm.ts';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createObjectStore } from '../../../functions/shared/lazy-object-store.ts';
import { startStepFunctions } from '../../../local/server/server.ts';
import { rejectTask } from '../../../local/tasks/lambda.ts';

const OBJECT = { bucket: 'payloads', key: 'prompts/ä b.txt' };

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function connect(endpoint: string) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return createObjectStore(async () => ({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true }));
}

/** A store whose S3 answers every request as told, and the requests that it got. */
async function storeAt(answer: RequestListener) {
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return { requests, store: connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`) };
}

const refusing = (status: number, code: string, message: string): RequestListener => {
  return ({ method }, response) => {
    response.writeHead(status, { 'content-type': 'application/xml' });
    response.end(method === 'HEAD' ? '' : `<Error><Code>${code}</Code><Message>${message}</Message></Error>`);
  };
};

/** `NAME: MESSAGE` of what a request fails with. */
const failureOf = (sent: Promise<unknown>): Promise<string> =>
  sent.then(
    () => 'no failure',
    (error: Error) => `${error.name}: ${error.message}`,
  );

test('puts, describes and gets an object', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'objects-'));
  const server = await startStepFunctions({ runTask: rejectTask, s3Dir: folder, s3Buckets: ['payloads'] });
  closers.push(server.close, () => rmSync(folder, { recursive: true }));
  const store = connect(server.url);
  expect([await store.size(OBJECT), await store.get(OBJECT, 9)]).toEqual([undefined, undefined]);
  await store.put(OBJECT, 'Grüße');
  expect(readFileSync(join(folder, 'payloads/prompts/ä b.txt'), 'utf8')).toBe('Grüße');
  expect(await store.size(OBJECT)).toBe(7);
  const object = await store.get(OBJECT, 7);
  expect([object?.size, Buffer.from(object?.content ?? []).toString()]).toEqual([7, 'Grüße']);
  expect(await store.get(OBJECT, 6)).toEqual({ size: 7, content: undefined });
  writeFileSync(join(folder, 'payloads/prompts/ä b.txt'), '');
  expect(await store.get(OBJECT, 9)).toEqual({ size: 0, content: new Uint8Array() });
});

describe('a failure', () => {
  const uri = 's3://payloads/prompts/ä b.txt';
  test.each<[number, string, string]>([
    [403, 'AccessDenied', `S3RefusedError: ${uri} cannot be read (HTTP 403: AccessDenied: Because.)`],
    [400, 'KMS.DisabledException', `S3RefusedError: ${uri} cannot be read (HTTP 400: KMS.DisabledException: Because.)`],
    [301, 'PermanentRedirect', `S3RefusedError: ${uri} cannot be read (HTTP 301: PermanentRedirect: Because.)`],
    [404, 'NoSuchBucket', `S3RefusedError: ${uri} cannot be read (HTTP 404: NoSuchBucket: Because.)`],
    [400, 'ExpiredToken', `S3RefusedError: ${uri} cannot be read (HTTP 400: ExpiredToken: Because.)`],
    [503, 'SlowDown', `S3UnavailableError: ${uri} cannot be read (HTTP 503: SlowDown: Because.)`],
    [503, 'ServiceUnavailable', `S3UnavailableError: ${uri} cannot be read (HTTP 503: ServiceUnavailable: Because.)`],
    [500, 'InternalError', `S3UnavailableError: ${uri} cannot be read (HTTP 500: InternalError: Because.)`],
    [400, 'RequestTimeout', `S3UnavailableError: ${uri} cannot be read (HTTP 400: RequestTimeout: Because.)`],
    [409, 'OperationAborted', `S3UnavailableError: ${uri} cannot be read (HTTP 409: OperationAborted: Because.)`],
  ])('of %i %s is told by its name, after one request', async (status, code, expected) => {
    const { store, requests } = await storeAt(refusing(status, code, 'Because.'));
    expect(await failureOf(store.get(OBJECT, 9))).toBe(expected);
    expect(requests).toEqual(['GET /payloads/prompts/%C3%A4%20b.txt?x-id=GetObject']);
  });

  test.each([
    [403, `S3RefusedError: ${uri} cannot be read (HTTP 403: no access to the object, or to its bucket)`],
    [503, `S3UnavailableError: ${uri} cannot be read (HTTP 503: Unknown: UnknownError)`],
  ])('of %i to HEAD, which has no body, is told by its status', async (status, expected) => {
    const { store } = await storeAt(refusing(status, '', ''));
    expect(await failureOf(store.size(OBJECT))).toBe(expected);
  });

  test('to store is told as such', async () => {
    const { store } = await storeAt(refusing(403, 'AccessDenied', 'Because.'));
    const expected = `S3RefusedError: ${uri} cannot be stored (HTTP 403: AccessDenied: Because.)`;
    expect(await failureOf(store.put(OBJECT, 'x'))).toBe(expected);
  });

  test('to answer is one that may pass', async () => {
    const { store: reset } = await storeAt(({ socket }) => socket.resetAndDestroy());
    expect(await failureOf(reset.size(OBJECT))).toBe(
      `S3UnavailableError: ${uri} cannot be read (ECONNRESET: read ECONNRESET)`,
    );
    const { store: cut } = await storeAt((_, response) => {
      response.writeHead(200, { 'content-length': '9' }).write('x', () => response.destroy());
    });
    expect(await failureOf(cut.get(OBJECT, 9))).toMatch(
      /^S3UnavailableError: .* cannot be read \(ECONNRESET: aborted\)$/,
    );
    const page: RequestListener = (_, response) => response.writeHead(502).end('<html>Bad Gateway</html>');
    expect(await failureOf((await storeAt(page)).store.get(OBJECT, 9))).toMatch(/^S3UnavailableError: .*HTTP 502/);
    expect(await failureOf(connect('http://127.0.0.1:1').size(OBJECT))).toBe(
      `S3UnavailableError: ${uri} cannot be read (ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:1)`,
    );
  });
});

test('what the SDK says before a request keeps its name', async () => {
  const withoutCredentials = createObjectStore(async () => ({
    region: 'us-east-1',
    credentials: async () => {
      throw Object.assign(new Error('none'), { name: 'CredentialsProviderError' });
    },
  }));
  expect(await failureOf(withoutCredentials.size(OBJECT))).toBe('CredentialsProviderError: none');
});
