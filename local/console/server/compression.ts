import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const compressBrotli = promisify(brotliCompress);
const compressGzip = promisify(gzip);

export type Encoding = 'br' | 'gzip';

/** Higher costs seconds for the console's scripts, and saves little. */
const BROTLI_QUALITY = 6;

/** The encoding to answer a request in that has this Accept-Encoding; undefined for none. */
export function chooseEncoding(acceptEncoding = ''): Encoding | undefined {
  const accepted = acceptEncoding.split(',').flatMap((part) => {
    const [name = '', weight = 'q=1'] = part.split(';').map((text) => text.trim());
    return weight === 'q=0' || weight === 'q=0.0' ? [] : [name];
  });
  return (['br', 'gzip'] as const).find((encoding) => accepted.includes(encoding));
}

export function compress(contents: Uint8Array, encoding: Encoding): Promise<Buffer> {
  if (encoding === 'gzip') return compressGzip(contents);
  return compressBrotli(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } });
}
