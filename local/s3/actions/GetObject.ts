import { S3Error } from '../s3.ts';
import type { S3Action } from './action.ts';
import { describeObject, findObject } from './HeadObject.ts';

/** The object, or the part that a Range header names. Several ranges at once are not known to S3 either. */
export const GetObject: S3Action = async (request, storage) => {
  const { bucket, key, headers } = request;
  const object = await findObject(request, storage);
  const range = readRange(headers.range, object.size, `s3://${bucket}/${key}`);
  if (!range) {
    // A stream cannot be told to read nothing.
    const body = object.size === 0 ? '' : storage.getObject(bucket, key, { start: 0, end: object.size - 1 });
    return { status: 200, headers: describeObject(object), body };
  }
  const { start, end } = range;
  return {
    status: 206,
    headers: {
      ...describeObject(object),
      'content-length': end - start + 1,
      'content-range': `bytes ${start}-${end}/${object.size}`,
    },
    body: storage.getObject(bucket, key, range),
  };
};

/** `bytes=1-2`, `bytes=1-` or, for the last ones, `bytes=-2`; any other is ignored (RFC 9110, 14.2). */
function readRange(range: string | undefined, size: number, about: string): { start: number; end: number } | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(range ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(size - Number(last), 0) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (start <= end) return { start, end };
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  throw new S3Error('InvalidRange', about);
}
