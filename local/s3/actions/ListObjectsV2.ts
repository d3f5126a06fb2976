import type { S3Request } from '../request.ts';
import { S3Error, type S3Storage } from '../s3.ts';
import { S3_NAMESPACE, type Xml, xmlDocument } from '../xml.ts';
import { checkKnown, requireBucket, type S3Action } from './action.ts';

/** "Returns some or all (up to 1,000) of the objects in a bucket" (Amazon S3 API Reference, ListObjectsV2). */
const MOST_KEYS = 1_000;

const PARAMETERS = [
  'list-type',
  'prefix',
  'delimiter',
  'max-keys',
  'start-after',
  'continuation-token',
  'encoding-type',
  'fetch-owner',
];

/** What a listing shows: a key, or what the keys up to a delimiter have in common. */
interface Entry {
  readonly name: string;
  readonly isKey: boolean;
}

export const ListObjectsV2: S3Action = async (request, storage) => {
  checkKnown(request, { query: PARAMETERS });
  // The first version of the listing has other parameters and another answer.
  if (request.query.get('list-type') !== '2') throw new S3Error('NotImplemented', 'a listing without ?list-type=2');
  await requireBucket(request, storage);
  const { bucket, query } = request;
  const text = (name: string): string => query.get(name) ?? '';
  const most = readMaxKeys(query.get('max-keys'));
  const after = Buffer.from(text('continuation-token'), 'base64url').toString();
  const entries = (await listEntries(request, storage)).filter(({ name }) => isAfter(name, after));
  const page = entries.slice(0, most);
  const isTruncated = entries.length > page.length && most > 0;

  const isEncoded = text('encoding-type') === 'url';
  const encode = (name: string): string => (isEncoded ? encodeURIComponent(name).replaceAll('%2F', '/') : name);
  const Contents: Xml[] = [];
  for (const { name } of page.filter(({ isKey }) => isKey)) {
    const { size, etag, lastModified } = await storage.headObject(bucket, name);
    const LastModified = new Date(lastModified).toISOString();
    Contents.push({ Key: encode(name), LastModified, ETag: etag, Size: size, StorageClass: 'STANDARD' });
  }
  const content = {
    Name: bucket,
    Prefix: encode(text('prefix')),
    Delimiter: query.has('delimiter') ? encode(text('delimiter')) : undefined,
    StartAfter: query.has('start-after') ? encode(text('start-after')) : undefined,
    EncodingType: isEncoded ? 'url' : undefined,
    ContinuationToken: query.get('continuation-token') ?? undefined,
    NextContinuationToken: isTruncated ? Buffer.from(page.at(-1)?.name ?? '').toString('base64url') : undefined,
    KeyCount: page.length,
    MaxKeys: most,
    IsTruncated: isTruncated,
    Contents,
    CommonPrefixes: page.filter(({ isKey }) => !isKey).map(({ name }) => ({ Prefix: encode(name) })),
  };
  return { status: 200, body: xmlDocument('ListBucketResult', content, S3_NAMESPACE) };
};

function readMaxKeys(text: string | null): number {
  if (text === null) return MOST_KEYS;
  if (!/^\d+$/.test(text)) throw new S3Error('InvalidArgument', `max-keys=${text}`);
  return Math.min(Number(text), MOST_KEYS);
}

async function listEntries({ bucket, query }: S3Request, storage: S3Storage): Promise<Entry[]> {
  const [prefix, delimiter, start] = ['prefix', 'delimiter', 'start-after'].map((name) => query.get(name) ?? '') as [
    string,
    string,
    string,
  ];
  const keys = (await storage.listKeys(bucket, prefix)).filter((key) => isAfter(key, start));
  const entries = keys.map((key): Entry => {
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    return end < 0 ? { name: key, isKey: true } : { name: key.slice(0, end + delimiter.length), isKey: false };
  });
  return entries.filter(({ name, isKey }, index) => isKey || name !== entries[index - 1]?.name);
}

/** In the order of UTF-8 bytes. */
function isAfter(name: string, start: string): boolean {
  return start === '' || Buffer.compare(Buffer.from(name), Buffer.from(start)) > 0;
}
