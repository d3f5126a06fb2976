import type { ApiEvent } from '../../local/console/model/events.ts';
import { toApiEvent } from '../../local/history/api-event.ts';
import type { HistoryEvent } from '../../local/history/events.ts';

/** A history as GetExecutionHistory answers it. */
export function toApiHistory(events: readonly HistoryEvent[]): ApiEvent[] {
  return events.map((event) => toApiEvent(event, true) as unknown as ApiEvent);
}
