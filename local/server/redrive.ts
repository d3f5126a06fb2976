import { MAX_EVENTS } from '../history/recorder.ts';
import type { ExecutionRecord } from '../store/store.ts';
import type { ServerContext } from './context.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** "The redrivable period of 14 days starts from the day a state machine completes its execution." */
const REDRIVABLE_DAYS = 14;

/** "The maximum open time of one year" (Step Functions quotas). */
const MAX_OPEN_DAYS = 365;

/** The reason, in AWS's words, why an execution cannot be redriven now; undefined when it can. */
export function whyNotRedrivable({ clock, store }: ServerContext, execution: ExecutionRecord): string | undefined {
  const { executionArn, status, startDate, stopDate = startDate } = execution;
  if (status === 'RUNNING' || status === 'SUCCEEDED') return `Execution is ${status} and cannot be redriven`;
  const now = clock.now();
  if (now - stopDate > REDRIVABLE_DAYS * DAY_MS) return 'Execution redrivable period exceeded';
  if (now - startDate > MAX_OPEN_DAYS * DAY_MS) return 'Execution has exceeded the max execution time';
  // "less than 24,999", so that ExecutionRedriven and one more event fit.
  if (store.getEvents(executionArn).length >= MAX_EVENTS - 1) return 'Execution history event limit exceeded';
  return undefined;
}
