import type { LogResponseEvent } from '../shared/contract.ts';
import type { EventLog } from '../shared/log.ts';
import { LOG_EVENTS } from '../shared/log-events.ts';

export interface LogResponseDeps {
  log: EventLog;
  /** Whether the answer's text may be logged. */
  logContent: boolean;
}

/** Logs how an execution was answered: one line with its models, usage, cost and, where allowed, the answer. */
export function createLogResponse({ log, logContent }: LogResponseDeps): (event: LogResponseEvent) => Promise<null> {
  return async ({ output, metadata, executionId }) => {
    const { response, ...facts } = output;
    const content = logContent ? { response } : { responseCharacters: response.length };
    log.info(LOG_EVENTS.response, { executionId, ...facts, metadata, ...content });
    return null;
  };
}
