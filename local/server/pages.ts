import { ApiError } from './api-error.ts';
import { pageSize, pageToken } from './fields.ts';

/** "The default is 100", which 0 asks for too (API reference). */
const DEFAULT_PAGE = 100;

/** The fields of an action that answers in pages. */
export const PAGE = { maxResults: pageSize, nextToken: pageToken };

export interface PageRequest {
  readonly maxResults: number | undefined;
  readonly nextToken: string | undefined;
}

/** The page of `items` that begins behind the item whose key the token holds. Throws InvalidToken. */
export function takePage<T>(
  items: Iterable<T>,
  keyOf: (item: T) => string,
  { maxResults, nextToken }: PageRequest,
): { page: T[]; next: { nextToken?: string } } {
  const after = readToken(nextToken);
  const page: T[] = [];
  let isBeyond = after === undefined;
  for (const item of items) {
    if (!isBeyond) isBeyond = keyOf(item) === after;
    else if (page.length < (maxResults || DEFAULT_PAGE)) page.push(item);
    else return { page, next: { nextToken: writeToken(keyOf(page.at(-1) as T)) } };
  }
  if (!isBeyond) throw invalidToken();
  return { page, next: {} };
}

/** The key that a token holds. */
export function readToken(token: string | undefined): string | undefined {
  return token === undefined ? undefined : Buffer.from(token, 'base64').toString();
}

function writeToken(key: string): string {
  return Buffer.from(key).toString('base64');
}

export function invalidToken(): ApiError {
  return new ApiError('InvalidToken', "Invalid Token: 'Invalid token'");
}
