import { ApiError } from './api-error.ts';
import { takePage } from './pages.ts';
import { integer, text } from './parameters.ts';

/** The fields of an action of EventBridge that answers in pages. */
export const EVENT_PAGE = { NextToken: text({ least: 1, most: 2048 }), Limit: integer(1, 100) };

/** As takePage, with EventBridge's names. Throws ValidationException. */
export function takeEventPage<T>(
  items: Iterable<T>,
  keyOf: (item: T) => string,
  request: { readonly Limit: number | undefined; readonly NextToken: string | undefined },
): { page: T[]; next: { NextToken?: string } } {
  try {
    const { page, next } = takePage(items, keyOf, { maxResults: request.Limit, nextToken: request.NextToken });
    return { page, next: next.nextToken === undefined ? {} : { NextToken: next.nextToken } };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new ApiError('ValidationException', 'Parameter NextToken is not valid.');
  }
}
