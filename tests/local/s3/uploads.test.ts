import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3 } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type StepFunctionsServer, startStepFunctions } from '../../../local/server/server.ts';
import { rejectTask } from '../../../local/tasks/lambda.ts';

const BUCKET = 'bucket';
const OBJECT = { Bucket: BUCKET, Key: 'a b/ü' };
const LEAST = 5 * 1024 * 1024;
const [A, B, C] = [Buffer.alloc(LEAST, 'a'), Buffer.alloc(LEAST, 'b'), Buffer.from('c')];

let folder: string;
let server: StepFunctionsServer;
let s3: S3;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 's3-uploads-'));
  server = await startStepFunctions({ runTask: rejectTask, s3Dir: folder, s3Buckets: [BUCKET, 'other'] });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  s3 = new S3({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
});
afterEach(async () => {
  s3.destroy();
  await server.close();
  rmSync(folder, { recursive: true });
});

async function begin(): Promise<string> {
  const { UploadId = '', ...rest } = await s3.createMultipartUpload(OBJECT);
  expect(rest).toMatchObject(OBJECT);
  return UploadId;
}

async function put(UploadId: string, PartNumber: number, Body: Buffer) {
  const { ETag } = await s3.uploadPart({ ...OBJECT, UploadId, PartNumber, Body });
  return { PartNumber, ETag };
}

const complete = (UploadId: string, ...Parts: object[]) =>
  s3.completeMultipartUpload({ ...OBJECT, UploadId, MultipartUpload: { Parts } });

const md5 = (...pieces: Buffer[]): Buffer =>
  pieces.reduce((hash, piece) => hash.update(piece), createHash('md5')).digest();

async function refusal(sent: Promise<unknown>): Promise<string> {
  return sent.then(
    () => 'nothing refused',
    (error: Error & { $metadata: { httpStatusCode: number } }) =>
      `${error.name} ${error.$metadata.httpStatusCode}: ${error.message}`,
  );
}

describe('an upload in parts', () => {
  test('is an object when it is completed, with an ETag that tells of its parts, and leaves nothing else', async () => {
    const id = await begin();
    const last = await put(id, 10_000, C);
    await put(id, 1, C);
    const first = await put(id, 1, A);
    const second = await put(id, 7, B);
    expect([first.ETag, last.ETag]).toEqual([`"${md5(A).toString('hex')}"`, `"${md5(C).toString('hex')}"`]);
    expect(await s3.listObjectsV2({ Bucket: BUCKET })).toMatchObject({ KeyCount: 0 });
    const ETag = `"${md5(md5(A), md5(B), md5(C)).toString('hex')}-3"`;
    expect(await complete(id, first, second, last)).toMatchObject({
      ...OBJECT,
      ETag,
      Location: `${server.url}/${BUCKET}/a%20b/%C3%BC`,
    });
    expect(readFileSync(join(folder, BUCKET, 'a b', 'ü')).equals(Buffer.concat([A, B, C]))).toBe(true);
    expect(await s3.headObject(OBJECT)).toMatchObject({ ETag, ContentLength: 2 * LEAST + 1 });
    expect((await s3.listObjectsV2({ Bucket: BUCKET })).Contents).toEqual([expect.objectContaining({ ETag })]);
    expect(await refusal(complete(id, first))).toMatch('NoSuchUpload');
    await s3.deleteObject(OBJECT);
    expect(readdirSync(folder)).toEqual([BUCKET]);
  });

  test('has the ETag of its content when its file is another', async () => {
    const id = await begin();
    await complete(id, await put(id, 1, C));
    writeFileSync(join(folder, BUCKET, 'a b', 'ü'), 'by hand');
    expect(await s3.headObject(OBJECT)).toMatchObject({ ETag: `"${md5(Buffer.from('by hand')).toString('hex')}"` });
  });

  test('leaves out parts that are not listed, and outlives the server', async () => {
    const id = await begin();
    await put(id, 1, A);
    const second = await put(id, 2, C);
    await server.close();
    s3.destroy();
    server = await startStepFunctions({ runTask: rejectTask, s3Dir: folder, s3Buckets: [BUCKET] });
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    s3 = new S3({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
    await complete(id, second);
    expect(await s3.headObject(OBJECT)).toMatchObject({ ContentLength: 1 });
  });

  test('that is aborted is gone with its parts', async () => {
    const id = await begin();
    const part = await put(id, 1, C);
    await s3.abortMultipartUpload({ ...OBJECT, UploadId: id });
    expect(readdirSync(folder)).toEqual([]);
    const gone = `NoSuchUpload 404: The specified multipart upload does not exist. The upload ID might be invalid, or the multipart upload might have been aborted or completed: ${id}`;
    expect(await refusal(complete(id, part))).toBe(gone);
    expect(await refusal(put(id, 1, C))).toBe(gone);
    expect(await refusal(s3.abortMultipartUpload({ ...OBJECT, UploadId: id }))).toBe(gone);
  });
});

describe('is refused', () => {
  const INVALID_PART =
    "InvalidPart 400: One or more of the specified parts could not be found. The part might not have been uploaded, or the specified ETag might not have matched the uploaded part's ETag: part";
  const part = (PartNumber: number, piece: Buffer) => ({ PartNumber, ETag: md5(piece).toString('hex') });

  test.each([
    [
      'parts in another order',
      [part(2, C), part(1, A)],
      'InvalidPartOrder 400: The list of parts was not in ascending order. The parts list must be specified in order by part number: 2, 1',
    ],
    [
      'a part twice',
      [part(1, A), part(1, A)],
      'InvalidPartOrder 400: The list of parts was not in ascending order. The parts list must be specified in order by part number: 1, 1',
    ],
    ['a part that was not uploaded', [part(1, A), part(3, C)], `${INVALID_PART} 3`],
    ['a part with another ETag', [part(1, B), part(2, C)], `${INVALID_PART} 1`],
    [
      'a small part before the last',
      [part(2, C), part(4, C)],
      'EntityTooSmall 400: Your proposed upload is smaller than the minimum allowed object size: part 2 has 1 bytes',
    ],
    [
      'no part',
      [],
      'MalformedXML 400: The XML you provided was not well-formed or did not validate against our published schema: s3://bucket/a b/ü',
    ],
  ])('to complete with %s, and can be completed afterwards', async (_, parts, message) => {
    const id = await begin();
    for (const [number, piece] of [
      [1, A],
      [2, C],
      [4, C],
    ] as const)
      await put(id, number, piece);
    expect(await refusal(complete(id, ...parts))).toBe(message);
    expect(await refusal(s3.headObject(OBJECT))).toMatch('NotFound');
    await complete(id, part(1, A), part(2, C));
    expect(await s3.headObject(OBJECT)).toMatchObject({ ContentLength: LEAST + 1 });
  });

  test.each([0, 10_001])('the part number %i', async (number) => {
    expect(await refusal(put(await begin(), number, C))).toBe(
      `InvalidArgument 400: Part number must be an integer between 1 and 10000, inclusive: partNumber=${number}`,
    );
  });

  test('an upload of another object, and one that is none', async () => {
    const UploadId = await begin();
    for (const Bucket of [BUCKET, 'other']) {
      const other = { Bucket, Key: 'other', UploadId, PartNumber: 1, Body: C };
      expect(await refusal(s3.uploadPart(other))).toMatch('NoSuchUpload 404');
    }
    for (const id of [randomUUID(), '..', '../bucket', ''])
      expect(await refusal(put(id, 1, C))).toMatch('NoSuchUpload 404');
  });

  test('a bucket that is not there, and one that is the folder of uploads', async () => {
    await begin();
    expect(await refusal(s3.createMultipartUpload({ ...OBJECT, Bucket: 'none' }))).toMatch('NoSuchBucket 404');
    expect(await refusal(s3.listObjectsV2({ Bucket: '.uploads' }))).toMatch('InvalidURI 400');
    expect((await s3.listBuckets()).Buckets?.map(({ Name }) => Name)).toEqual([BUCKET, 'other']);
  });

  test('a conditional one', async () => {
    const MultipartUpload = { Parts: [part(1, C)] };
    const sent = s3.completeMultipartUpload({ ...OBJECT, UploadId: await begin(), MultipartUpload, IfNoneMatch: '*' });
    expect(await refusal(sent)).toMatch('NotImplemented 501');
  });
});
