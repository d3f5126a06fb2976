import type { StateEntry } from './history-lines.ts';
import type { Writer } from './writer.ts';

/** One line at the end of a terminal that says what is being waited for: `InvokeModel 3 s`. */
export interface Progress {
  /** To be called again and again while waiting; draws when there is something new to say. */
  waiting(entry: StateEntry | undefined): void;
  erase(): void;
}

const ERASE = '\r\u001b[2K';

/** Draws on a terminal only. `now` is in milliseconds. */
export function createProgress(stream: Writer, now: () => number): Progress {
  let entered: { eventId: number; at: number } | undefined;
  let drawn = '';
  return {
    waiting(entry) {
      if (!stream.isTTY || !entry) return;
      if (entered?.eventId !== entry.eventId) entered = { eventId: entry.eventId, at: now() };
      const seconds = Math.floor((now() - entered.at) / 1000);
      const text = `${entry.name} ${seconds} s`;
      // The first second passes without it, so that a quick answer does not flicker.
      if (seconds === 0 || text === drawn) return;
      stream.write(`${ERASE}${text}`);
      drawn = text;
    },
    erase() {
      if (drawn !== '') stream.write(ERASE);
      drawn = '';
    },
  };
}
