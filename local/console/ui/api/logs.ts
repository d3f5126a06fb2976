import { type Definition, functionsOf, statesOf } from '../../model/definition.ts';
import type { LogEvent } from '../../model/outcomes.ts';
import { settings } from '../settings.ts';
import { callApi, ServiceError } from './step-functions.ts';

/** More lines than these are not read at a time. */
const MOST_LINES = 50_000;

interface LogPage {
  readonly events?: readonly LogEvent[];
  readonly nextToken?: string;
}

export interface LogQuery {
  readonly logGroupName: string;
  /** Milliseconds since the epoch. */
  readonly startTime: number;
  readonly endTime?: number | undefined;
  /** CloudWatch Logs user guide, "Filter pattern syntax". */
  readonly filterPattern: string;
}

/** Reads all lines of one log group that match (CloudWatch Logs API reference, "FilterLogEvents"). */
async function filterLogEvents(query: LogQuery): Promise<readonly LogEvent[]> {
  const events: LogEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await callApi<LogPage>('Logs_20140328', '1.1', 'FilterLogEvents', { ...query, nextToken });
    events.push(...(page.events ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined && events.length < MOST_LINES);
  return events;
}

/** Reads several log groups, the oldest line first. */
export async function readLogs(groups: readonly string[], query: Omit<LogQuery, 'logGroupName'>): Promise<LogEvent[]> {
  const parts = await Promise.all(groups.map((logGroupName) => filterLogEvents({ ...query, logGroupName })));
  return parts.flat().sort((one, other) => one.timestamp - other.timestamp);
}

/** The log groups of the functions that a state machine calls; a function that is gone has none. */
export async function findLogGroups(definition: Definition): Promise<readonly string[]> {
  if (settings.logGroups) return settings.logGroups;
  const names = [...statesOf(definition).values()].flatMap(functionsOf).map((arn) => arn.split(':')[6] ?? arn);
  const groups = await Promise.all([...new Set(names)].map(logGroupOf));
  return [...new Set(groups.filter((group) => group !== undefined))];
}

/** Lambda API reference, "GetFunctionConfiguration". */
async function logGroupOf(functionName: string): Promise<string | undefined> {
  try {
    const { LoggingConfig } = await callApi<{ LoggingConfig?: { LogGroup?: string } }>(
      'AWSLambda',
      '1.0',
      'GetFunctionConfiguration',
      { FunctionName: functionName },
    );
    return LoggingConfig?.LogGroup ?? `/aws/lambda/${functionName}`;
  } catch (error) {
    if (error instanceof ServiceError && error.status === 404) return undefined;
    throw error;
  }
}
