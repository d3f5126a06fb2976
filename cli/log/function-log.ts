import { type EventLog, LOG_MESSAGES, type LogFields, serviceName } from '../../functions/shared/log.ts';
import type { LogEvent } from '../../functions/shared/log-events.ts';
import type { LogStore } from '../../local/logs/log-store.ts';

/** The log of functions on the laptop: lines of the form that they have in Lambda, into a store. */
export function createFunctionLog(store: LogStore, now: () => number): EventLog {
  const write = (level: string, event: LogEvent, fields: LogFields): void => {
    const timestamp = now();
    const head = { level, message: LOG_MESSAGES[event], timestamp: new Date(timestamp).toISOString() };
    store.append({ timestamp, message: JSON.stringify({ ...head, service: serviceName(), event, ...fields }) });
  };
  return {
    info: (event, fields) => write('INFO', event, fields),
    warn: (event, fields) => write('WARN', event, fields),
    error: (event, fields) => write('ERROR', event, fields),
  };
}
