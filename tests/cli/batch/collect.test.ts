import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type GetObjectCommand, NoSuchKey, type S3Client } from '@aws-sdk/client-s3';
import { expect, test } from '@jest/globals';
import { readMapRunResults } from '../../../cli/batch/collect.ts';
import { manifestKeys } from '../../../cli/batch/keys.ts';

/** An S3 that holds these objects, by their keys. */
function s3Of(objects: Readonly<Record<string, string>>): S3Client {
  const send = async ({ input: { Key = '' } }: GetObjectCommand) => {
    const content = objects[Key];
    if (content === undefined) throw new NoSuchKey({ message: Key, $metadata: {} });
    const Body = Readable.from([Buffer.from(content)]);
    return { Body: Object.assign(Body, { transformToString: () => text(Body) }) };
  };
  return { send } as unknown as S3Client;
}

const child = (requestId: string, fields: object) =>
  `${JSON.stringify({ Input: JSON.stringify({ requestId }), ...fields })}\n`;
const manifest = (prefix: string, kinds: Readonly<Record<string, string>>) => {
  const keys = Object.entries(kinds).map(([kind, name]) => [kind, [{ Key: `${prefix}/${name}` }]]);
  return JSON.stringify({ ResultFiles: { FAILED: [], PENDING: [], SUCCEEDED: [], ...Object.fromEntries(keys) } });
};

async function collect(s3: S3Client, keys: readonly string[]): Promise<object[]> {
  const results: object[] = [];
  for await (const result of readMapRunResults(s3, 'b', keys)) results.push(result);
  return results;
}

test('the manifests of a map run are those of its redrives, the newest first, and its own', () => {
  const [execution, mapRun] = ['arn:aws:states:r:1:execution:batch:run', 'arn:aws:states:r:1:mapRun:batch/lines:id'];
  expect(manifestKeys(execution, mapRun, 2)).toEqual([
    'results/run/id/Redrive-2/manifest.json',
    'results/run/id/Redrive-1/manifest.json',
    'results/run/id/manifest.json',
  ]);
});

test('what a redrive wrote comes before what was written earlier, whether it tells of all children or of its own', async () => {
  const s3 = s3Of({
    'm/Redrive-1/manifest.json': manifest('m/Redrive-1', { SUCCEEDED: 's' }),
    'm/Redrive-1/s': '{"requestId":"b"}\n',
    'm/manifest.json': manifest('m', { SUCCEEDED: 's', FAILED: 'f' }),
    'm/s': '{"requestId":"a"}\n',
    'm/f': child('b', { Status: 'FAILED', Error: 'ThrottlingException', Cause: 'Slow down' }),
  });
  expect(await collect(s3, ['m/Redrive-2/manifest.json', 'm/Redrive-1/manifest.json', 'm/manifest.json'])).toEqual([
    { requestId: 'b' },
    { requestId: 'a' },
    { requestId: 'b', error: 'ThrottlingException', cause: 'Slow down' },
  ]);
});

test('what did not get to its end has no result', async () => {
  const s3 = s3Of({
    'm/manifest.json': manifest('m', { FAILED: 'f', PENDING: 'p' }),
    'm/f':
      child('a', { Status: 'ABORTED' }) +
      child('b', { Status: 'FAILED', Error: 'DailyQuotaExceededError' }) +
      child('c', { Status: 'TIMED_OUT' }),
    'm/p': child('d', { Status: 'PENDING' }),
  });
  expect(await collect(s3, ['m/manifest.json'])).toEqual([{ requestId: 'c', error: 'States.Timeout', cause: null }]);
});
