/** Lines that functions log, each a JSON object, as CloudWatch Logs keeps them. */
export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  /** JSON text. */
  readonly message: string;
}

export interface LogQuery {
  /** Milliseconds since the epoch, both included. */
  readonly from: number;
  readonly to: number;
  readonly matches: (line: LogLine) => boolean;
  readonly limit: number;
  /** Where an earlier answer to the same query ended. */
  readonly after?: number | undefined;
}

export interface LogAnswer {
  readonly lines: readonly LogLine[];
  /** Where to go on, when there may be more. */
  readonly next?: number;
}

export interface LogStore {
  /** Adds a line; those of one store are added in the order of time. */
  append(line: LogLine): void;
  /** The lines of a time, the oldest first. */
  read(query: LogQuery): Promise<LogAnswer>;
  close(): void;
}

/** Lines that last as long as the process. */
export function createMemoryLog(): LogStore {
  const lines: LogLine[] = [];
  return {
    append: (line) => void lines.push(line),
    async read({ from, to, matches, limit, after = 0 }) {
      const found: LogLine[] = [];
      for (let index = after; index < lines.length; index += 1) {
        const line = lines[index] as LogLine;
        if (line.timestamp < from || line.timestamp > to || !matches(line)) continue;
        if (found.length === limit) return { lines: found, next: index };
        found.push(line);
      }
      return { lines: found };
    },
    close: () => {},
  };
}
