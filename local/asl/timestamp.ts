/** RFC 3339 with a zone, as the States Language asks for ("Timestamps"). */
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds since the epoch, or undefined for a text that is no timestamp. */
export function parseTimestamp(text: unknown): number | undefined {
  const millis = typeof text === 'string' && TIMESTAMP.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(millis) ? undefined : millis;
}
