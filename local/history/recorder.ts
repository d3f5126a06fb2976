import type { EventDetails, EventType, HistoryEvent } from './events.ts';
import { isTerminal } from './events.ts';

/**
 * "Maximum execution history size" (Step Functions quotas). The event with this id is the one that ends the execution,
 * so 24,999 events are left for everything else.
 */
export const MAX_EVENTS = 25_000;

/** Thrown in place of an event that only the end of the execution may take. */
export class HistoryFullError extends Error {
  override readonly name = 'HistoryFullError';
}

export interface Recorder {
  /** Records an event under the next id. Throws HistoryFullError when only a terminal event still fits. */
  record<T extends EventType>(type: T, previousEventId: number, details: EventDetails[T]): HistoryEvent<T>;
}

/**
 * The one counter of event ids of an execution; every event goes to `sink` at the time that `now` gives. Only the
 * history of an EXPRESS execution, which AWS does not keep, has no limit. `lastId` is the id of the last event recorded
 * before.
 */
export function createRecorder(
  now: () => number,
  sink: (event: HistoryEvent) => void,
  { maxEvents = MAX_EVENTS, lastId: firstLastId = 0 }: { maxEvents?: number; lastId?: number } = {},
): Recorder {
  let lastId = firstLastId;
  return {
    record(type, previousEventId, details) {
      if (lastId + 1 >= maxEvents && !isTerminal(type)) throw new HistoryFullError();
      lastId += 1;
      const event = { id: lastId, previousEventId, timestamp: now(), type, details };
      sink(event);
      return event;
    },
  };
}
