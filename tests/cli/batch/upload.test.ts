import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { BatchTarget } from '../../../cli/batch/target.ts';
import { checkDatasetSize, uploadFile } from '../../../cli/batch/upload.ts';
import { type StepFunctionsServer, startStepFunctions } from '../../../local/server/server.ts';
import { rejectTask } from '../../../local/tasks/lambda.ts';

const CONTENT = Buffer.alloc(11 * 1024 * 1024, 'prompts\n');

let folder: string;
let server: StepFunctionsServer;
let target: BatchTarget;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'upload-'));
  server = await startStepFunctions({ runTask: rejectTask, s3Dir: join(folder, 's3'), s3Buckets: ['batches'] });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const s3 = new S3Client({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  target = { s3, bucket: 'batches' } as unknown as BatchTarget;
  writeFileSync(join(folder, 'prompts'), CONTENT);
});
afterEach(async () => {
  target.s3.destroy();
  await server.close();
  rmSync(folder, { recursive: true });
});

test('a large file comes in parts, and is one object', async () => {
  expect(await uploadFile(target, join(folder, 'prompts'), 'prompts/a.jsonl', new AbortController().signal)).toBe(true);
  expect(readFileSync(join(folder, 's3/batches/prompts/a.jsonl')).equals(CONTENT)).toBe(true);
  expect(readdirSync(join(folder, 's3')).sort()).toEqual(['.etags', 'batches']);
});

test('an upload that is aborted leaves nothing', async () => {
  const abort = new AbortController();
  let parts = 0;
  target.s3.middlewareStack.add(
    (next) => async (args) => {
      if ('PartNumber' in (args.input as object)) {
        parts += 1;
        abort.abort();
      }
      return next(args);
    },
    { step: 'initialize' },
  );
  expect(await uploadFile(target, join(folder, 'prompts'), 'prompts/a.jsonl', abort.signal)).toBe(false);
  expect(parts).toBeGreaterThan(0);
  expect(readdirSync(join(folder, 's3'))).toEqual([]);
});

test('what S3 refuses is thrown', async () => {
  const elsewhere = { ...target, bucket: 'none' };
  const upload = uploadFile(elsewhere, join(folder, 'prompts'), 'prompts/a.jsonl', new AbortController().signal);
  await expect(upload).rejects.toMatchObject({ name: 'NoSuchBucket' });
});

test('a file that Step Functions could not read is refused', () => {
  checkDatasetSize(10e9);
  expect(() => checkDatasetSize(10e9 + 1)).toThrow(
    'file: found 10000000001 bytes of prompts, allowed is at most 10000000000, as Step Functions reads no larger one: several files',
  );
});
