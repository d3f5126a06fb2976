/** A definition as text, and which of its lines describe which state. */
export interface Source {
  readonly lines: readonly SourceLine[];
  /** The number of the first line of each state. */
  readonly firstLine: ReadonlyMap<string, number>;
}

export interface SourceLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** The innermost state that it belongs to. */
  readonly state: string | undefined;
}

const INDENT = '  ';

/** Writes a definition as indented JSON. */
export function writeSource(definition: unknown): Source {
  const lines: SourceLine[] = [];
  const firstLine = new Map<string, number>();
  const add = (text: string, state: string | undefined): void => {
    lines.push({ number: lines.length + 1, text, state });
  };
  const write = (
    value: unknown,
    head: string,
    tail: string,
    depth: number,
    state: string | undefined,
    key?: string,
  ): void => {
    const indent = INDENT.repeat(depth);
    const isArray = Array.isArray(value);
    const members = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    if (members.length === 0) {
      add(`${indent}${head}${JSON.stringify(value)}${tail}`, state);
      return;
    }
    add(`${indent}${head}${isArray ? '[' : '{'}`, state);
    members.forEach(([name, inner], index) => {
      const isState = key === 'States' && !isArray;
      const own = isState ? name : state;
      if (isState) firstLine.set(name, lines.length + 1);
      write(
        inner,
        isArray ? '' : `${JSON.stringify(name)}: `,
        index < members.length - 1 ? ',' : '',
        depth + 1,
        own,
        name,
      );
    });
    add(`${indent}${isArray ? ']' : '}'}${tail}`, state);
  };
  write(definition, '', '', 0, undefined);
  return { lines, firstLine };
}
