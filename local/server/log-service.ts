import type { LogStore } from '../logs/log-store.ts';
import { createJsonService } from './json-service.ts';
import { FilterLogEvents } from './log-actions/FilterLogEvents.ts';
import type { Service } from './router.ts';

/** The part of CloudWatch Logs' API that reads lines, over those that functions logged here. */
export function createLogService(store: LogStore): Service {
  return createJsonService({ target: 'Logs_20140328', version: '1.1', actions: { FilterLogEvents } }, store);
}
