import { formatClock, formatTime } from '../../model/format.ts';

interface TimeProps {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly isClock?: boolean;
}

/** A time where the browser is; pointed at, in UTC, as logs and the API have it. */
export function Time({ at, isClock }: TimeProps) {
  const iso = new Date(at).toISOString();
  return (
    <time dateTime={iso} title={iso}>
      {isClock ? formatClock(at) : formatTime(at)}
    </time>
  );
}
