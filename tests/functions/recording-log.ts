import type { EventLog } from '../../functions/shared/log.ts';

/** A log that keeps its lines as [level, event, fields]. */
export function recordingLog(): EventLog & { lines: unknown[][] } {
  const lines: unknown[][] = [];
  return {
    lines,
    info: (event, fields) => lines.push(['info', event, fields]),
    warn: (event, fields) => lines.push(['warn', event, fields]),
    error: (event, fields) => lines.push(['error', event, fields]),
  };
}
