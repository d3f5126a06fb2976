import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createS3Folder } from '../../../local/s3/folder.ts';
import { NO_S3, type S3, type S3Object } from '../../../local/s3/s3.ts';

let outside: string;
let folder: string;
let s3: S3;

beforeEach(() => {
  outside = mkdtempSync(join(tmpdir(), 's3-test-'));
  folder = join(outside, 's3');
  mkdirSync(join(folder, 'b', 'dir'), { recursive: true });
  writeFileSync(join(outside, 'secret'), 'secret');
  writeFileSync(join(folder, 'b', 'dir', 'file'), 'text');
  s3 = createS3Folder(folder);
});
afterEach(() => rmSync(outside, { recursive: true }));

async function read(bucket: string, key: string, from = s3): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of from.getObject(bucket, key)) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

async function list(bucket: string, prefix: string): Promise<S3Object[]> {
  const objects: S3Object[] = [];
  for await (const object of s3.listObjects(bucket, prefix)) objects.push(object);
  return objects;
}

const NOT_HELD = 'A folder cannot hold the object';

describe('a folder in place of S3', () => {
  test('gives back what was put', async () => {
    expect(await s3.putObject('new', 'x/y', ['ü', 'b'])).toEqual({ size: 3, etag: expect.any(String) });
    expect(await s3.putObject('new', 'x/y', ['sh'])).toEqual({ size: 2, etag: expect.any(String) });
    expect(await read('new', 'x/y')).toBe('sh');
    await expect(read('new', 'x')).rejects.toThrow('The specified key does not exist: s3://new/x');
    await expect(read('none', 'x')).rejects.toThrow('The specified key does not exist: s3://none/x');
  });

  test('lists keys in the order of their UTF-8 bytes', async () => {
    for (const key of ['😀', '\uFB01', 'dir-', 'a']) await s3.putObject('b', key, []);
    expect((await list('b', '')).map(({ key }) => key)).toEqual(['a', 'dir-', 'dir/file', '\uFB01', '😀']);
    expect((await list('b', 'dir/f'))[0]).toEqual({
      key: 'dir/file',
      size: 4,
      lastModified: expect.any(Number),
      etag: '"1cb251ec0d568de6a929b520c4aed8d1"', // md5 of `text`
    });
    await expect(list('none', '')).rejects.toThrow('The specified bucket does not exist: s3://none');
  });

  test.each([
    ['b', '../secret'],
    ['b', '../../secret'],
    ['..', 'secret'],
    ['.', 'b/dir/file'],
    ['', 'b/dir/file'],
    ['b/dir', 'file'],
    ['b', '/dir/file'],
    ['b', 'dir/'],
    ['b', 'dir//file'],
    ['b', 'dir/./file'],
    ['b', 'dir\\..\\..\\secret'],
    ['b', 'dir/file\0'],
  ])('refuses the bucket %j with the key %j', async (bucket, key) => {
    await expect(read(bucket, key)).rejects.toThrow(NOT_HELD);
    await expect(s3.putObject(bucket, key, ['x'])).rejects.toThrow(NOT_HELD);
  });

  test('refuses links that lead out, and does not list them', async () => {
    symlinkSync(outside, join(folder, 'b', 'out'));
    symlinkSync(join(outside, 'secret'), join(folder, 'b', 'link'));
    symlinkSync(join(outside, 'not-yet'), join(folder, 'b', 'dangling'));
    symlinkSync(outside, join(folder, 'bucket'));
    const why = 'A link leads out of the folder: s3://';
    for (const [bucket, key] of [
      ['b', 'out/secret'],
      ['b', 'out/deep/er/new'],
      ['b', 'link'],
      ['b', 'dangling'],
      ['bucket', 'secret'],
    ] as const) {
      await expect(read(bucket, key)).rejects.toThrow(why);
      await expect(s3.putObject(bucket, key, ['x'])).rejects.toThrow(why);
    }
    await expect(list('bucket', '')).rejects.toThrow(why);
    expect((await list('b', '')).map(({ key }) => key)).toEqual(['dir/file']);
    expect(existsSync(join(outside, 'not-yet'))).toBe(false);
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('secret');
  });

  test('may itself be reached by a link', async () => {
    symlinkSync(folder, join(outside, 'alias'));
    expect(await read('b', 'dir/file', createS3Folder(join(outside, 'alias')))).toBe('text');
  });
});

test('without a folder there is no S3, and every request says what would provide it', async () => {
  const why = 'There is no S3 here for s3://b/k: s3Dir names a folder that stands for it';
  await expect(read('b', 'k', NO_S3)).rejects.toThrow(why);
  await expect(NO_S3.putObject('b', 'k', [])).rejects.toThrow(why);
  await expect(NO_S3.listObjects('b', 'k')[Symbol.asyncIterator]().next()).rejects.toThrow(why);
});
