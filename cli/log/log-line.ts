import type { LogEvent } from '../../functions/shared/log-events.ts';

export type Level = 'INFO' | 'ERROR' | 'SUCCESS';

/** One line of the log. */
export interface LogLine {
  readonly level: Level;
  readonly time: Date;
  readonly text: string;
  /** The name under which the functions log the same; undefined for what only a terminal is told. */
  readonly event?: LogEvent;
}

/** `[INFO 2025-06-21 16:02:20.584230] text`, in local time, on one line whatever the text holds. */
export function formatLine({ level, time, text }: LogLine, isColoured: boolean): string {
  const head = `[${level} ${formatTime(time)}]`;
  return `${isColoured ? `\u001b[${COLOURS[level]}m${head}\u001b[0m` : head} ${toOneLine(text)}`;
}

/** ANSI: blue, red, green. */
const COLOURS: Readonly<Record<Level, number>> = { INFO: 34, ERROR: 31, SUCCESS: 32 };

/** The form shows microseconds; Step Functions reports milliseconds. */
function formatTime(time: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
  return `${day} ${clock}.${String(time.getMilliseconds()).padStart(3, '0')}000`;
}

/**
 * Writes control characters as JSON does: a line of the log stays one line, and no text from a prompt or a model can
 * forge a line or steer the terminal.
 */
export function toOneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (character) => {
    const escaped = JSON.stringify(character).slice(1, -1);
    return escaped === character ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : escaped;
  });
}
