import '../functions/one-realm.ts';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createObjectStore } from '../../functions/shared/lazy-object-store.ts';
import { startStepFunctions } from '../../local/server/server.ts';
import { rejectTask } from '../../local/tasks/lambda.ts';
import { FIRST_MODEL, runPipeline } from '../support/pipeline.ts';

/**
 * Each wrong pointer to a prompt in S3, and how its execution ends: what ValidateInput refuses by the text of the pointer or
 * by looking at the object, and what only InvokeModel finds, which reads it. No model is asked.
 */

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const URI = 's3://payloads/prompts/a.txt';
const SIZE = 'allowed is an object of 1 to 8000000 bytes';

type Failure = [error: string, cause: string];
const rejected = (problem: string): Failure => ['InvalidInputError', `InvalidInputError: promptUri: found ${problem}`];
const rejectedWhenRead = (problem: string): Failure => [
  'InvalidInputError',
  `${FIRST_MODEL}: InvalidInputError after 1 attempt (promptUri: found ${problem})`,
];

describe('the text of the pointer', () => {
  test.each<[string, string]>([
    ['a bucket alone', 's3://payloads'],
    ['no key', 's3://payloads/'],
    ['a prefix of keys, and no key', 's3://payloads/prompts'],
    ['another bucket', 's3://theirs/prompts/a.txt'],
    ['a bucket whose name begins alike', 's3://payloads-of-others/prompts/a.txt'],
    ['a prefix that looks alike', 's3://payloads/prompts-evil/a.txt'],
    ['another prefix', 's3://payloads/responses/a.txt'],
    ['a second slash', 's3://payloads//prompts/a.txt'],
    ['one slash', 's3:/payloads/prompts/a.txt'],
    ['three slashes', 's3:///payloads/prompts/a.txt'],
    ['no scheme', 'payloads/prompts/a.txt'],
    ['a scheme in capitals', 'S3://payloads/prompts/a.txt'],
    ['a bucket in capitals', 's3://Payloads/prompts/a.txt'],
    ['the scheme of Hadoop', 's3a://payloads/prompts/a.txt'],
    ['an ARN', 'arn:aws:s3:::payloads/prompts/a.txt'],
    ['the ARN of an access point', 's3://arn:aws:s3:eu-west-1:123456789012:accesspoint/mine/prompts/a.txt'],
    ['an URL of a bucket', 'https://payloads.s3.eu-west-1.amazonaws.com/prompts/a.txt'],
    ['an URL of a path', 'https://s3.amazonaws.com/payloads/prompts/a.txt'],
    ['a slash in URL encoding', 's3://payloads/prompts%2Fa.txt'],
    ['a way out', 's3://payloads/prompts/../responses/a.txt'],
    ['a dot between slashes', 's3://payloads/prompts/./a.txt'],
    ['white space before it', ` ${URI}`],
    ['nothing', ''],
    ['a key of more than 1,024 bytes', `s3://payloads/prompts/${'ü'.repeat(509)}`],
  ])('%s is refused, and S3 not asked', async (_, promptUri) => {
    const shown = JSON.stringify(promptUri.length > 100 ? `${promptUri.slice(0, 99)}…` : promptUri);
    const { end } = await runPipeline({ promptUri }, [], { objects: { [promptUri]: new Error('S3 was asked') } });
    const [error, cause] = rejected(
      `${shown}, allowed is the s3://BUCKET/KEY of an object, its beginning one of s3://payloads/prompts/`,
    );
    expect(end).toEqual({ status: 'FAILED', error, cause });
  });
});

/** The S3 of the local endpoint with these objects in `payloads`. */
async function s3With(objects: Readonly<Record<string, string | Uint8Array>>) {
  const folder = mkdtempSync(join(tmpdir(), 'prompt-uris-'));
  for (const [key, content] of Object.entries(objects)) {
    mkdirSync(dirname(join(folder, 'payloads', key)), { recursive: true });
    writeFileSync(join(folder, 'payloads', key), content);
  }
  const server = await startStepFunctions({ runTask: rejectTask, s3Dir: folder, s3Buckets: ['payloads'] });
  closers.push(server.close, () => rmSync(folder, { recursive: true }));
  return storeAt(server.url);
}

function storeAt(endpoint: string) {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return createObjectStore(async () => ({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true }));
}

describe('the object', () => {
  test.each<[string, string, Record<string, string | Uint8Array>, Failure]>([
    ['is not there', URI, {}, rejected(`no object there (${URI}), ${SIZE}`)],
    ['is a folder', URI, { 'prompts/a.txt/b.txt': 'Hi' }, rejected(`no object there (${URI}), ${SIZE}`)],
    ['has another case', `${URI}`, { 'prompts/A.txt': 'Hi' }, rejected(`no object there (${URI}), ${SIZE}`)],
    [
      'is named by an URL encoding of its key',
      's3://payloads/prompts/a%20b.txt',
      { 'prompts/a b.txt': 'Hi' },
      rejected(`no object there (s3://payloads/prompts/a%20b.txt), ${SIZE}`),
    ],
    [
      'is named with a version, which is a part of the key',
      `${URI}?versionId=1`,
      { 'prompts/a.txt': 'Hi' },
      rejected(`no object there (${URI}?versionId=1), ${SIZE}`),
    ],
    ['is empty', URI, { 'prompts/a.txt': '' }, rejected(`an object of 0 bytes (${URI}), ${SIZE}`)],
    [
      'has a byte too many',
      URI,
      { 'prompts/a.txt': new Uint8Array(8_000_001) },
      rejected(`an object of 8000001 bytes (${URI}), ${SIZE}`),
    ],
    [
      'is no text',
      URI,
      { 'prompts/a.txt': Uint8Array.of(0x89, 0x50, 0x4e, 0x47) },
      rejectedWhenRead(`bytes that are no UTF-8 (${URI}), allowed is text in UTF-8`),
    ],
    [
      'is UTF-16',
      URI,
      { 'prompts/a.txt': Buffer.from('\ufeffHi', 'utf16le') },
      rejectedWhenRead(`bytes that are no UTF-8 (${URI}), allowed is text in UTF-8`),
    ],
    [
      'is cut in a character',
      URI,
      { 'prompts/a.txt': Buffer.from('aü').subarray(0, 2) },
      rejectedWhenRead(`bytes that are no UTF-8 (${URI}), allowed is text in UTF-8`),
    ],
    [
      'is blank',
      URI,
      { 'prompts/a.txt': ' \n' },
      rejectedWhenRead(`only white space (${URI}), allowed is text in UTF-8`),
    ],
    [
      'is a byte order mark',
      URI,
      { 'prompts/a.txt': '\ufeff' },
      rejectedWhenRead(`only white space (${URI}), allowed is text in UTF-8`),
    ],
  ])('%s', async (_, promptUri, objects, [error, cause]) => {
    const { end } = await runPipeline({ promptUri }, [], { store: await s3With(objects) });
    expect(end).toEqual({ status: 'FAILED', error, cause });
  });

  test.each([
    ['with spaces, umlauts and an emoji', 'prompts/Übung für später 😀.txt'],
    ['with what an URL takes for itself', 'prompts/a+b&c=d?e#f%20g.txt'],
    ['with dots that lead nowhere', 'prompts/a..b/...txt'],
    ['of 8,000,000 bytes', 'prompts/long.txt'],
  ])('%s is answered', async (_, key) => {
    const content = key.includes('long') ? 'x'.repeat(8_000_000) : 'Hi';
    const run = await runPipeline({ promptUri: `s3://payloads/${key}` }, [{ text: 'An answer.' }], {
      store: await s3With({ [key]: content }),
    });
    expect(JSON.parse(run.end.output ?? '{}')).toMatchObject({ response: 'An answer.' });
  });
});

interface Answer {
  status: number;
  code?: string;
  headers?: Record<string, string>;
}

/** An S3 that answers HEAD, of ValidateInput, and GET, of InvokeModel, each as told. */
async function s3That(answers: Readonly<Record<string, Answer>>) {
  const server = createServer(({ method = '' }, response) => {
    const { status, code, headers } = answers[method] ?? { status: 501, code: 'NotImplemented' };
    response.writeHead(status, { 'content-type': 'application/xml', ...headers });
    response.end(code && method !== 'HEAD' ? `<Error><Code>${code}</Code><Message>Because.</Message></Error>` : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () => server.closeAllConnections(),
    () => server.close(),
  );
  return storeAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

const THERE: Answer = { status: 200, headers: { 'content-length': '2' } };
const ELSEWHERE = { 'x-amz-bucket-region': 'eu-west-1' };
const HERE = { 'x-amz-bucket-region': 'us-east-1' };

describe('S3', () => {
  const whenRead = (error: string, message: string): Failure => [
    error,
    `${FIRST_MODEL}: ${error} after 1 attempt (${message})`,
  ];
  const unread = (reason: string) => `${URI} cannot be read (${reason})`;

  test.each<[string, Record<string, Answer>, Failure]>([
    [
      'refuses a look at the object',
      { HEAD: { status: 403, headers: HERE } },
      ['S3RefusedError', `S3RefusedError: ${unread('HTTP 403: no access to the object, or to its bucket')}`],
    ],
    [
      'has the bucket in another Region',
      { HEAD: { status: 301, headers: ELSEWHERE } },
      [
        'S3RefusedError',
        `S3RefusedError: ${unread('HTTP 301: the bucket is in eu-west-1, allowed is one in us-east-1')}`,
      ],
    ],
    [
      'has it there, and refuses the signature for it',
      { HEAD: { status: 400, headers: ELSEWHERE } },
      [
        'S3RefusedError',
        `S3RefusedError: ${unread('HTTP 400: the bucket is in eu-west-1, allowed is one in us-east-1')}`,
      ],
    ],
    [
      'refuses the object',
      { HEAD: THERE, GET: { status: 403, code: 'AccessDenied', headers: HERE } },
      whenRead('S3RefusedError', unread('HTTP 403: AccessDenied: Because.')),
    ],
    [
      'cannot use the key that encrypts it',
      { HEAD: THERE, GET: { status: 400, code: 'KMS.DisabledException' } },
      whenRead('S3RefusedError', unread('HTTP 400: KMS.DisabledException: Because.')),
    ],
    [
      'has put it into an archive',
      { HEAD: THERE, GET: { status: 403, code: 'InvalidObjectState' } },
      whenRead('S3RefusedError', unread('HTTP 403: InvalidObjectState: Because.')),
    ],
    [
      'has lost the object since it was looked at',
      { HEAD: THERE, GET: { status: 404, code: 'NoSuchKey' } },
      rejectedWhenRead(`no object there (${URI}), ${SIZE}`),
    ],
    [
      'has a longer object since it was looked at',
      { HEAD: THERE, GET: { status: 200, headers: { 'content-length': '8000001' } } },
      rejectedWhenRead(`an object of 8000001 bytes (${URI}), ${SIZE}`),
    ],
    [
      'has no such bucket',
      { HEAD: THERE, GET: { status: 404, code: 'NoSuchBucket' } },
      whenRead('S3RefusedError', unread('HTTP 404: NoSuchBucket: Because.')),
    ],
  ])('%s', async (_, answers, [error, cause]) => {
    const { end } = await runPipeline({ promptUri: URI }, [], { store: await s3That(answers) });
    expect(end).toEqual({ status: 'FAILED', error, cause });
  });
});
