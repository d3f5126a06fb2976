import type { Json } from '../../asl/json.ts';
import { toApiEvent } from '../../history/api-event.ts';
import { ApiError } from '../api-error.ts';
import { type Action, findExecution } from '../context.ts';
import { optionalBoolean, optionalInteger, optionalString, requireString } from '../parameters.ts';

/** "The default is 100 and the maximum allowed page size is 1000" (API reference). */
const DEFAULT_PAGE = 100;
const MAX_PAGE = 1000;

export const GetExecutionHistory: Action = (body, context) => {
  const { executionArn } = findExecution(context, requireString(body, 'executionArn'));
  // 0 asks for the default.
  const pageSize = optionalInteger(body, 'maxResults', 0, MAX_PAGE) || DEFAULT_PAGE;
  const isReversed = optionalBoolean(body, 'reverseOrder') ?? false;
  const includesData = optionalBoolean(body, 'includeExecutionData') ?? true;
  const after = readToken(optionalString(body, 'nextToken'));

  const events = context.store.getEvents(executionArn);
  const isBeyond = (id: number): boolean => after === undefined || (isReversed ? id < after : id > after);
  const ordered = isReversed ? events.toReversed() : events;
  const rest = ordered.filter(({ id }) => isBeyond(id));
  const page = rest.slice(0, pageSize);
  const last = page.at(-1);
  return {
    events: page.map((event) => toApiEvent(event, includesData)) as Json,
    ...(last && rest.length > page.length && { nextToken: Buffer.from(String(last.id)).toString('base64') }),
  };
};

/** The id of the last event of the page before. */
function readToken(token: string | undefined): number | undefined {
  if (token === undefined) return undefined;
  const id = Number(Buffer.from(token, 'base64').toString());
  if (Number.isInteger(id) && id > 0) return id;
  throw new ApiError('InvalidToken', `Invalid Token: 'Invalid token'`);
}
