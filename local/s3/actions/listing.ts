import type { S3Request } from '../request.ts';
import { S3Error, type S3Storage } from '../s3.ts';
import type { Xml } from '../xml.ts';

/** "Returns some or all (up to 1,000) of the objects in a bucket" (Amazon S3 API Reference, ListObjectsV2). */
const MOST_KEYS = 1_000;

/** What both versions of the listing are asked with. */
export const LISTING_PARAMETERS = ['prefix', 'delimiter', 'max-keys', 'encoding-type'];

/** What a listing shows: a key, or what the keys up to a delimiter have in common. */
interface Entry {
  readonly name: string;
  readonly isKey: boolean;
}

/** A page of a listing, as its documents show it. */
export interface Page {
  readonly isTruncated: boolean;
  /** Keys, and what keys have in common, that are shown. */
  readonly count: number;
  /** The last of them; undefined for none. */
  readonly last: string | undefined;
  readonly encode: (name: string) => string;
  /** Elements that both versions have. */
  readonly content: Readonly<Record<string, Xml | undefined>>;
}

/** The objects of a bucket behind the name `after`, in the order of their UTF-8 bytes. Throws InvalidArgument. */
export async function listPage(request: S3Request, storage: S3Storage, after: string): Promise<Page> {
  const { bucket, query } = request;
  const text = (name: string): string => query.get(name) ?? '';
  const most = readMaxKeys(query.get('max-keys'));
  const entries = await listEntries(request, storage, after);
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
    EncodingType: isEncoded ? 'url' : undefined,
    MaxKeys: most,
    IsTruncated: isTruncated,
    Contents,
    CommonPrefixes: page.filter(({ isKey }) => !isKey).map(({ name }) => ({ Prefix: encode(name) })),
  };
  return { isTruncated, count: page.length, last: page.at(-1)?.name, encode, content };
}

function readMaxKeys(text: string | null): number {
  if (text === null) return MOST_KEYS;
  if (!/^\d+$/.test(text)) throw new S3Error('InvalidArgument', `max-keys=${text}`);
  return Math.min(Number(text), MOST_KEYS);
}

async function listEntries({ bucket, query }: S3Request, storage: S3Storage, after: string): Promise<Entry[]> {
  const [prefix = '', delimiter = '', start = ''] = ['prefix', 'delimiter', 'start-after'].map(
    (name) => query.get(name) ?? '',
  );
  const keys = (await storage.listKeys(bucket, prefix)).filter((key) => isAfter(key, start));
  const entries = keys.map((key): Entry => {
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    return end < 0 ? { name: key, isKey: true } : { name: key.slice(0, end + delimiter.length), isKey: false };
  });
  const distinct = entries.filter(({ name, isKey }, index) => isKey || name !== entries[index - 1]?.name);
  return distinct.filter(({ name }) => isAfter(name, after));
}

/** In the order of UTF-8 bytes. */
function isAfter(name: string, start: string): boolean {
  return start === '' || Buffer.compare(Buffer.from(name), Buffer.from(start)) > 0;
}
