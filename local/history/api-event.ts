import type { HistoryEvent } from './events.ts';

/** The fields of an event's details that hold execution data, which GetExecutionHistory leaves out on request. */
const EXECUTION_DATA: ReadonlySet<string> = new Set([
  'input',
  'inputDetails',
  'output',
  'outputDetails',
  'parameters',
  'assignedVariables',
  'assignedVariablesDetails',
]);

/** An event as GetExecutionHistory answers it: times in seconds, details under the key of the event's kind. */
export function toApiEvent(event: HistoryEvent, includeExecutionData: boolean): Record<string, unknown> {
  const { id, previousEventId, type, timestamp, details } = event;
  const fields = Object.entries(details ?? {}).filter(([name]) => includeExecutionData || !EXECUTION_DATA.has(name));
  return {
    timestamp: timestamp / 1000,
    type,
    id,
    previousEventId,
    ...(details && { [detailsKey(type)]: Object.fromEntries(fields) }),
  };
}

/** `TaskStateEntered` -> `stateEnteredEventDetails`, `TaskScheduled` -> `taskScheduledEventDetails` */
function detailsKey(type: string): string {
  const kind = type.replace(/^\w+State(Entered|Exited)$/, 'State$1');
  return `${kind.charAt(0).toLowerCase()}${kind.slice(1)}EventDetails`;
}
