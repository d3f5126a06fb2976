/** Durations and times as a person reads them. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** `812 ms`, `2.05 s`, `1 min 5 s`, `2 h 3 min` */
export function formatDuration(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${trim(ms / SECOND)} s`;
  if (ms < HOUR) return withRest(ms, MINUTE, 'min', SECOND, 's');
  return withRest(ms, HOUR, 'h', MINUTE, 'min');
}

function withRest(ms: number, unit: number, name: string, smaller: number, smallerName: string): string {
  const rest = Math.floor((ms % unit) / smaller);
  return `${Math.floor(ms / unit)} ${name}${rest > 0 ? ` ${rest} ${smallerName}` : ''}`;
}

function trim(seconds: number): string {
  return String(Math.floor(seconds * 100) / 100);
}

/** Local time to the millisecond, `2026-11-24 22:33:38.005`. */
export function formatTime(ms: number): string {
  const date = new Date(ms);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(two).join('-');
  return `${day} ${formatClock(ms)}`;
}

/** Local time of day to the millisecond, `22:33:38.005`. */
export function formatClock(ms: number): string {
  const date = new Date(ms);
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${clock}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** A time on a scale that is so many milliseconds long: `11-24 22:33`, `22:33:38`, `22:33:38.005` */
export function formatTick(ms: number, length: number): string {
  if (length < 30 * SECOND) return formatClock(ms);
  return length < HOUR / 2 ? formatClock(ms).slice(0, 8) : formatTime(ms).slice(5, 16);
}

/** How many in a time: `1.9 a second`, `12 a minute` */
export function formatRate(number: number, ms: number): string {
  const perSecond = (number * SECOND) / ms;
  const [rate, unit] = perSecond >= 1 ? [perSecond, 'second'] : [perSecond * 60, 'minute'];
  return `${rate.toLocaleString('en', { maximumSignificantDigits: rate < 100 ? 2 : 3 })} a ${unit}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** `1 retry`, `2 retries` */
export function count(number: number, one: string, many: string = `${one}s`): string {
  return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}
