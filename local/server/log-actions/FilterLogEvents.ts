import { FilterPatternError, readFilterPattern } from '../../logs/filter-pattern.ts';
import type { LogLine, LogStore } from '../../logs/log-store.ts';
import { ApiError } from '../api-error.ts';
import type { Action } from '../context.ts';
import { integer, readParameters, text } from '../parameters.ts';

/** "The default is 10,000 events" (API reference, "FilterLogEvents"). */
const DEFAULT_LIMIT = 10_000;

const FIELDS = {
  logGroupName: text({ least: 1, most: 512, pattern: '[\\.\\-_/#A-Za-z0-9]+' }),
  startTime: integer(0, Number.MAX_SAFE_INTEGER),
  endTime: integer(0, Number.MAX_SAFE_INTEGER),
  filterPattern: text({ most: 1024 }),
  limit: integer(1, DEFAULT_LIMIT),
  nextToken: text({ least: 1 }),
};

/** There is one group, whatever it is called: the lines of all functions here. */
export const FilterLogEvents: Action<LogStore> = async (body, store) => {
  const { startTime, endTime, filterPattern, limit, nextToken } = readParameters(body, FIELDS);
  if (nextToken !== undefined && !/^\d+$/.test(nextToken)) {
    throw new ApiError('InvalidParameterException', 'The specified nextToken is invalid.');
  }
  const { lines, next } = await store.read({
    from: startTime ?? 0,
    to: endTime ?? Number.MAX_SAFE_INTEGER,
    matches: matcher(filterPattern),
    limit: limit ?? DEFAULT_LIMIT,
    after: nextToken === undefined ? undefined : Number(nextToken),
  });
  return {
    events: lines.map(({ timestamp, message }) => ({ timestamp, message })),
    searchedLogStreams: [],
    ...(next !== undefined && { nextToken: String(next) }),
  };
};

function matcher(pattern = ''): (line: LogLine) => boolean {
  if (pattern.trim() === '') return () => true;
  try {
    const filter = readFilterPattern(pattern);
    return ({ message }) => {
      const fields = parse(message);
      return fields !== undefined && filter(fields);
    };
  } catch (error) {
    if (error instanceof FilterPatternError) throw new ApiError('InvalidParameterException', error.message);
    throw error;
  }
}

function parse(message: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(message) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
