import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { S3 } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type StepFunctionsServer, startStepFunctions } from '../../../local/server/server.ts';
import { rejectTask } from '../../../local/tasks/lambda.ts';
import { hasAwsCli, runAwsCli } from '../../support/aws-cli.ts';

const BUCKET = 'made-before';
const TEXT = 'Grüße 😀';
const MD5 = '"0a04968a90b7dd01f77c7f2f348a2f7e"';

let outside: string;
let folder: string;
let server: StepFunctionsServer;
let s3: S3;

function connect(endpoint: string): S3 {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new S3({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
}

beforeEach(async () => {
  outside = mkdtempSync(join(tmpdir(), 's3-service-'));
  folder = join(outside, 's3');
  server = await startStepFunctions({ runTask: rejectTask, s3Dir: folder, s3Buckets: [BUCKET] });
  s3 = connect(server.url);
});
afterEach(async () => {
  s3.destroy();
  await server.close();
  rmSync(outside, { recursive: true });
});

/** `CODE STATUS: MESSAGE` of the error that a request is answered with. */
async function refusal(sent: Promise<unknown>): Promise<string> {
  return sent.then(
    () => 'nothing refused',
    (error: Error & { $metadata: { httpStatusCode: number } }) =>
      `${error.name} ${error.$metadata.httpStatusCode}: ${error.message}`,
  );
}

/** Sends a request as it is, without the SDK but with what tells that it is for S3. */
async function send(method: string, path: string, headers: Record<string, string> = {}, body = '') {
  return new Promise<[status: number | undefined, text: string]>((resolve, reject) => {
    const sent = request(
      server.url,
      { method, path, headers: { authorization: 'AWS4-HMAC-SHA256 x', ...headers } },
      async (response) => resolve([response.statusCode, (await buffer(response)).toString()]),
    );
    sent.on('error', reject).end(body);
  });
}

const get = async (Key: string, more: object = {}) => {
  const { Body, ...rest } = await s3.getObject({ Bucket: BUCKET, Key, ...more });
  return { text: await Body?.transformToString(), ...rest };
};

describe('an object', () => {
  test('is put, read, described and deleted', async () => {
    expect(await s3.putObject({ Bucket: BUCKET, Key: 'a b/ü+%.txt', Body: TEXT })).toMatchObject({ ETag: MD5 });
    expect(readFileSync(join(folder, BUCKET, 'a b', 'ü+%.txt'), 'utf8')).toBe(TEXT);
    const described = {
      AcceptRanges: 'bytes',
      ContentLength: 12,
      ContentType: 'binary/octet-stream',
      ETag: MD5,
      LastModified: expect.any(Date),
    };
    expect(await get('a b/ü+%.txt')).toMatchObject({ text: TEXT, ...described });
    expect(await s3.headObject({ Bucket: BUCKET, Key: 'a b/ü+%.txt' })).toMatchObject(described);
    await s3.deleteObject({ Bucket: BUCKET, Key: 'a b/ü+%.txt' });
    await s3.deleteObject({ Bucket: BUCKET, Key: 'a b/ü+%.txt' });
    expect(readdirSync(join(folder, BUCKET))).toEqual([]);
  });

  test('may be empty', async () => {
    await s3.putObject({ Bucket: BUCKET, Key: 'empty', Body: new Uint8Array() });
    expect(await get('empty')).toMatchObject({ text: '', ContentLength: 0 });
  });

  test('is there as a whole or not at all', async () => {
    await s3.putObject({ Bucket: BUCKET, Key: 'k', Body: 'before' });
    const path = `/${BUCKET}/k`;
    expect((await send('PUT', path, { 'content-md5': 'bm9uZQ==' }, 'after'))[0]).toBe(400);
    expect(await get('k')).toMatchObject({ text: 'before' });
    expect(readdirSync(folder)).toEqual([BUCKET]);
  });

  test.each([
    ['bytes=0-1', 'ab', 'bytes 0-1/4'],
    ['bytes=2-', 'cd', 'bytes 2-3/4'],
    ['bytes=2-99', 'cd', 'bytes 2-3/4'],
    ['bytes=-3', 'bcd', 'bytes 1-3/4'],
    ['bytes=-9', 'abcd', 'bytes 0-3/4'],
    ['bytes=3-1', 'abcd', undefined],
    ['lines=1-2', 'abcd', undefined],
  ])('is read in the range %s', async (Range, text, ContentRange) => {
    await s3.putObject({ Bucket: BUCKET, Key: 'k', Body: 'abcd' });
    const { text: found, ContentRange: range, ContentLength } = await get('k', { Range });
    expect([found, range, ContentLength]).toEqual([text, ContentRange, text.length]);
  });

  test.each(['bytes=4-', 'bytes=-0'])('has no range %s', async (Range) => {
    await s3.putObject({ Bucket: BUCKET, Key: 'k', Body: 'abcd' });
    expect(await refusal(get('k', { Range }))).toBe(
      `InvalidRange 416: The requested range cannot be satisfied: s3://${BUCKET}/k`,
    );
  });

  test('is read only as the one that was meant', async () => {
    const { ETag } = await s3.putObject({ Bucket: BUCKET, Key: 'k', Body: 'abcd' });
    expect(await get('k', { IfMatch: ETag })).toMatchObject({ text: 'abcd' });
    await s3.putObject({ Bucket: BUCKET, Key: 'k', Body: 'efgh' });
    expect(await refusal(get('k', { IfMatch: ETag }))).toBe(
      `PreconditionFailed 412: At least one of the preconditions you specified did not hold: s3://${BUCKET}/k`,
    );
  });
});

describe('an upload', () => {
  test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    'of a stream comes in chunks with a trailing %s',
    async (algorithm) => {
      const piece = TEXT.repeat(10_000);
      const Body = Readable.from([Buffer.from(piece), Buffer.from(piece)]);
      const ContentLength = 2 * Buffer.byteLength(piece);
      await s3.putObject({ Bucket: BUCKET, Key: 'k', Body, ContentLength, ChecksumAlgorithm: algorithm });
      expect((await get('k')).text).toBe(piece + piece);
    },
  );

  const CHUNKED = {
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'content-encoding': 'aws-chunked',
    'x-amz-decoded-content-length': '5',
    'x-amz-trailer': 'x-amz-checksum-crc32',
  };
  const put = (headers: Record<string, string>, body: string) => send('PUT', `/${BUCKET}/k`, headers, body);

  test.each([
    ['one chunk', '5\r\nhello\r\n0\r\n\r\n'],
    [
      'chunks with signatures',
      '2;chunk-signature=ab\r\nhe\r\n3;chunk-signature=cd\r\nllo\r\n0;chunk-signature=ef\r\n\r\n',
    ],
    ['a checksum behind them', '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n'],
    ['a signed trailer', '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\nx-amz-trailer-signature:ab\r\n\r\n'],
    ['line ends of their own', '5\r\n\r\n\r\n!\r\n0\r\n\r\n', '\r\n\r\n!'],
  ])('is decoded from %s', async (_, body, text = 'hello') => {
    expect(await put(CHUNKED, body)).toEqual([200, '']);
    expect((await get('k')).text).toBe(text);
  });

  test.each([
    ['IncompleteBody', 'no chunk', 'hello'],
    ['IncompleteBody', 'a chunk that is cut', '5\r\nhel'],
    ['IncompleteBody', 'a chunk that is too long', '5\r\nhello!\r\n0\r\n\r\n'],
    ['IncompleteBody', 'no last chunk', '5\r\nhello\r\n'],
    ['IncompleteBody', 'another length', '4\r\nhell\r\n0\r\n\r\n'],
    ['IncompleteBody', 'a header without end', 'x'.repeat(40_000)],
    ['BadDigest', 'another checksum', '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n'],
  ])('is refused with %s for %s', async (code, _, body) => {
    const [status, text] = await put(CHUNKED, body);
    expect([status, /<Code>(\w+)<\/Code>/.exec(text)?.[1]]).toEqual([400, code]);
    expect(await refusal(get('k'))).toMatch('NoSuchKey');
  });

  test.each([
    ['BadDigest', { 'content-md5': 'bm9uZQ==' }],
    ['BadDigest', { 'x-amz-checksum-sha256': 'bm9uZQ==' }],
    ['BadDigest', { 'x-amz-checksum-sha1': 'bm9uZQ==' }],
    ['XAmzContentSHA256Mismatch', { 'x-amz-content-sha256': '0'.repeat(64) }],
  ])('is refused with %s for the digest %j', async (code, headers) => {
    const [status, text] = await put(headers as Record<string, string>, 'hello');
    expect([status, /<Code>(\w+)<\/Code>/.exec(text)?.[1]]).toEqual([400, code]);
  });
});

describe('a listing', () => {
  beforeEach(async () => {
    for (const Key of ['a', 'b/1', 'b/2', 'c&<d>', 'é']) await s3.putObject({ Bucket: BUCKET, Key, Body: Key });
  });
  const list = async (more: object) => {
    const {
      $metadata: _,
      Contents = [],
      CommonPrefixes = [],
      ...rest
    } = await s3.listObjectsV2({ Bucket: BUCKET, ...more });
    return { keys: Contents.map(({ Key }) => Key), prefixes: CommonPrefixes.map(({ Prefix }) => Prefix), ...rest };
  };

  test('has every object with its size, time and ETag', async () => {
    const { Contents, ...rest } = await s3.listObjectsV2({ Bucket: BUCKET, Prefix: 'b/1' });
    expect(rest).toMatchObject({ Name: BUCKET, Prefix: 'b/1', KeyCount: 1, MaxKeys: 1000, IsTruncated: false });
    expect(Contents).toEqual([
      {
        Key: 'b/1',
        ETag: '"46bc882b88120fd4dc12076ba56c7dd4"',
        LastModified: expect.any(Date),
        Size: 3,
        StorageClass: 'STANDARD',
      },
    ]);
  });

  test('groups by a delimiter', async () => {
    expect(await list({ Delimiter: '/' })).toMatchObject({ keys: ['a', 'c&<d>', 'é'], prefixes: ['b/'], KeyCount: 4 });
    expect(await list({ Delimiter: '/', Prefix: 'b/' })).toMatchObject({ keys: ['b/1', 'b/2'], prefixes: [] });
  });

  test('begins after a key', async () => {
    expect(await list({ StartAfter: 'b/1' })).toMatchObject({ keys: ['b/2', 'c&<d>', 'é'] });
    expect(await list({ StartAfter: 'b/1', Delimiter: '/' })).toMatchObject({ keys: ['c&<d>', 'é'], prefixes: ['b/'] });
  });

  test('comes in pages', async () => {
    const pages: unknown[] = [];
    for (let ContinuationToken: string | undefined; pages.length < 9; ) {
      const page = await list({ MaxKeys: 2, Delimiter: '/', ContinuationToken });
      pages.push([...page.keys, ...page.prefixes]);
      ContinuationToken = page.NextContinuationToken;
      if (!page.IsTruncated) break;
    }
    expect(pages).toEqual([
      ['a', 'b/'],
      ['c&<d>', 'é'],
    ]);
  });

  test('in its first version goes on behind a marker, or behind the last key', async () => {
    const page = (more: object) => s3.listObjects({ Bucket: BUCKET, MaxKeys: 2, ...more });
    const first = await page({});
    expect(first).toMatchObject({ Name: BUCKET, Prefix: '', MaxKeys: 2, IsTruncated: true });
    expect([first.Contents?.map(({ Key }) => Key), first.NextMarker]).toEqual([['a', 'b/1'], undefined]);
    const second = await page({ Marker: 'b/1' });
    expect(second).toMatchObject({
      Marker: 'b/1',
      IsTruncated: true,
      Contents: [{ Key: 'b/2', Size: 3 }, { Key: 'c&<d>' }],
    });
    const grouped = await page({ Delimiter: '/' });
    expect(grouped).toMatchObject({ NextMarker: 'b/', Contents: [{ Key: 'a' }], CommonPrefixes: [{ Prefix: 'b/' }] });
    const rest = await page({ Delimiter: '/', Marker: 'b/' });
    expect(rest).toMatchObject({ IsTruncated: false, Contents: [{ Key: 'c&<d>' }, { Key: 'é' }] });
  });

  test('may be encoded as URLs', async () => {
    expect(await list({ EncodingType: 'url', Prefix: 'c' })).toMatchObject({
      keys: ['c%26%3Cd%3E'],
      EncodingType: 'url',
    });
  });

  test('of buckets has those of the folder, and those made before', async () => {
    mkdirSync(join(folder, 'by-hand'));
    await s3.createBucket({ Bucket: 'by-api' });
    const { Buckets = [] } = await s3.listBuckets();
    expect(Buckets.map(({ Name }) => Name)).toEqual(['by-api', 'by-hand', BUCKET]);
    await s3.deleteBucket({ Bucket: 'by-hand' });
    expect((await s3.listBuckets()).Buckets?.map(({ Name }) => Name)).toEqual(['by-api', BUCKET]);
  });
});

describe('refuses', () => {
  const key = { Bucket: BUCKET, Key: 'none' };
  const absent = { Bucket: 'absent', Key: 'k' };
  test.each<[string, (client: S3) => Promise<unknown>]>([
    [`NoSuchKey 404: The specified key does not exist: s3://${BUCKET}/none`, (client) => client.getObject(key)],
    ['NotFound 404: UnknownError', (client) => client.headObject(key)],
    ['NoSuchBucket 404: The specified bucket does not exist: s3://absent', (client) => client.getObject(absent)],
    [
      'NoSuchBucket 404: The specified bucket does not exist: s3://absent',
      (client) => client.putObject({ ...absent, Body: 'x' }),
    ],
    [
      'NoSuchBucket 404: The specified bucket does not exist: s3://absent',
      (client) => client.listObjectsV2({ Bucket: 'absent' }),
    ],
    ['NoSuchBucket 404: The specified bucket does not exist: s3://absent', (client) => client.deleteObject(absent)],
    ['NotFound 404: UnknownError', (client) => client.headBucket({ Bucket: 'absent' })],
    [
      'BucketAlreadyOwnedByYou 409: The bucket that you tried to create already exists, and you own it: s3://made-before',
      (client) => client.createBucket({ Bucket: BUCKET }),
    ],
    [
      'InvalidBucketName 400: The specified bucket is not valid: s3://No',
      (client) => client.createBucket({ Bucket: 'No' }),
    ],
    [
      'NotImplemented 501: A header or a query you provided implies functionality that is not implemented: ?acl',
      (client) => client.getObjectAcl(key),
    ],
    [
      'BucketNotEmpty 409: The bucket you tried to delete is not empty: s3://full',
      async (client) => {
        await client.createBucket({ Bucket: 'full' });
        await client.putObject({ Bucket: 'full', Key: 'a/b', Body: 'x' });
        return client.deleteBucket({ Bucket: 'full' });
      },
    ],
    [
      'AccessDenied 403: The bucket is needed here: s3://made-before',
      (client) => client.deleteBucket({ Bucket: BUCKET }),
    ],
    [
      'NoSuchBucket 404: The specified bucket does not exist: s3://absent',
      (client) => client.deleteBucket({ Bucket: 'absent' }),
    ],
    [
      'NotImplemented 501: A header or a query you provided implies functionality that is not implemented: GET /made-before/?uploads=',
      (client) => client.listMultipartUploads({ Bucket: BUCKET }),
    ],
    [
      'NotImplemented 501: A header or a query you provided implies functionality that is not implemented: if-none-match',
      (client) => client.putObject({ ...key, Body: 'x', IfNoneMatch: '*' }),
    ],
    [
      'NotImplemented 501: A header or a query you provided implies functionality that is not implemented: x-amz-copy-source',
      (client) => client.copyObject({ ...key, CopySource: 'a/b' }),
    ],
  ])('with %s', async (expected, ask) => {
    expect(await refusal(ask(s3))).toBe(expected);
  });

  test.each([
    `/${BUCKET}/../secret`,
    `/${BUCKET}/%2e%2e/secret`,
    `/${BUCKET}/..%2fsecret`,
    '/%2e%2e/secret',
    '/../secret',
    `/${BUCKET}/a%00b`,
    `/${BUCKET}/a%5c..%5cb`,
    `/${BUCKET}/a//b`,
    `/${BUCKET}/a/`,
  ])('the path %s', async (path) => {
    writeFileSync(join(outside, 'secret'), 'secret');
    for (const method of ['GET', 'PUT']) {
      const [status, text] = await send(method, path, {}, method === 'PUT' ? 'x' : '');
      expect(status).toBeGreaterThanOrEqual(400);
      expect(text).toMatch(/<Code>(InvalidURI|NoSuchBucket)<\/Code>/);
    }
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('secret');
  });

  test('a path that is no UTF-8, and shows what it was as text', async () => {
    const [status, text] = await send('GET', `/${BUCKET}/%ff%3Cb%3E&`);
    expect(status).toBe(400);
    expect(text).toContain(
      `<Code>InvalidURI</Code><Message>The specified URI couldn't be parsed: /${BUCKET}/%ff%3Cb%3E&amp;</Message>`,
    );
  });

  test('an object in the place of a folder, and the other way round', async () => {
    await s3.putObject({ Bucket: BUCKET, Key: 'a/b', Body: 'x' });
    const why = (name: string) => `InvalidURI 400: A folder cannot hold the object: s3://${BUCKET}/${name}`;
    for (const Key of ['a', 'a/b/c', 'x'.repeat(300)])
      expect(await refusal(s3.putObject({ Bucket: BUCKET, Key, Body: 'y' }))).toBe(why(Key));
    expect((await get('a/b')).text).toBe('x');
  });
});

test('a request without a signature is not for S3', async () => {
  expect(await (await fetch(`${server.url}/${BUCKET}/k`)).json()).toMatchObject({
    __type: 'UnknownOperationException',
  });
});

test('a presigned URL is enough, and the bucket may be in the host', async () => {
  await s3.putObject({ Bucket: BUCKET, Key: 'k', Body: TEXT });
  const signed = `${server.url}/${BUCKET}/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=ab&x-id=GetObject`;
  expect(await (await fetch(signed)).text()).toBe(TEXT);
  expect(await send('GET', '/k', { host: `${BUCKET}.localhost:8083` })).toEqual([200, TEXT]);
});

(hasAwsCli ? test : test.skip)(
  'the AWS CLI copies, lists and deletes, also what it writes and reads in parts',
  async () => {
    const [big, back] = [join(outside, 'big'), join(outside, 'back')];
    writeFileSync(big, Buffer.alloc(20 * 1024 * 1024, 'x'));
    const object = `s3://${BUCKET}/a b/ü`;
    const run = async (...words: string[]) => {
      const { code, stderr, stdout } = await runAwsCli(server.url, words);
      return [code, stderr, stdout.trim().split(/\s+/).at(-1)];
    };
    expect((await run('s3', 'cp', '--no-progress', big, object))[0]).toBe(0);
    // Of parts of 8, 8 and 4 MiB, as the CLI makes them.
    const etag = (await run('s3api', 'head-object', '--bucket', BUCKET, '--key', 'a b/ü', '--query', 'ETag'))[2];
    expect(JSON.parse(JSON.parse(etag as string))).toBe('ad2c13d113cefe5ea01fbf8ec060a22f-3');
    expect(await run('s3', 'ls', `s3://${BUCKET}/a b/`)).toEqual([0, '', 'ü']);
    expect((await run('s3', 'cp', '--no-progress', object, back))[0]).toBe(0);
    expect(readFileSync(back).equals(readFileSync(big))).toBe(true);
    expect((await run('s3', 'rm', object))[0]).toBe(0);
    expect(readdirSync(join(folder, BUCKET))).toEqual([]);
  },
  60_000,
);
