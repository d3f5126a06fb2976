import type { Json } from '../../asl/json.ts';
import { toApiEvent } from '../../history/api-event.ts';
import { type Action, findExecution } from '../context.ts';
import { arn } from '../fields.ts';
import { invalidToken, PAGE, readToken, takePage } from '../pages.ts';
import { boolean, readParameters, required } from '../parameters.ts';

const FIELDS = { executionArn: required(arn), ...PAGE, reverseOrder: boolean, includeExecutionData: boolean };

export const GetExecutionHistory: Action = (body, context) => {
  const { executionArn, reverseOrder, includeExecutionData, maxResults, nextToken } = readParameters(body, FIELDS);
  findExecution(context, executionArn);
  const events = context.store.getEvents(executionArn);
  // Ids have no gap: an event's place follows from its id, and a page costs no more than its events.
  const after = readToken(nextToken);
  const last = after === undefined ? (reverseOrder ? events.length + 1 : 0) : Number(after);
  if (!Number.isInteger(last) || last < 0) throw invalidToken();
  const rest = (function* () {
    const step = reverseOrder ? -1 : 1;
    for (let id = last + step; id >= 1 && id <= events.length; id += step) yield events[id - 1] as (typeof events)[0];
  })();
  const { page, next } = takePage(rest, ({ id }) => String(id), { maxResults, nextToken: undefined });
  return { events: page.map((event) => toApiEvent(event, includeExecutionData ?? true)) as Json, ...next };
};
