/** What a filter pattern makes of a line's fields. */
export type FieldsFilter = (fields: Readonly<Record<string, unknown>>) => boolean;

/** A filter pattern that cannot be read, or of a kind that is not known here. */
export class FilterPatternError extends Error {
  override readonly name = 'FilterPatternError';
}

const TOKEN = /\s*(\(|\)|&&|\|\||(\$(?:\.[\w-]+)+)\s*(!?=)\s*("(?:[^"\\]|\\.)*"|[^\s"()&|{}]+))/y;

/**
 * Reads a filter pattern for JSON lines (CloudWatch Logs user guide, "Filter pattern syntax"): comparisons of a field
 * with a text or number by `=` and `!=`, joined by `&&` and `||`, in parentheses or not. Throws FilterPatternError.
 */
export function readFilterPattern(pattern: string): FieldsFilter {
  const [, inner] = /^\s*\{(.*)\}\s*$/s.exec(pattern) ?? [];
  if (inner === undefined) throw unknown(pattern);
  const reader = new Reader(inner.trim(), pattern);
  const filter = reader.readAny();
  reader.expectEnd();
  return filter;
}

class Reader {
  readonly #text: string;
  readonly #pattern: string;
  #at = 0;

  constructor(text: string, pattern: string) {
    this.#text = text;
    this.#pattern = pattern;
  }

  readAny(): FieldsFilter {
    const parts = [this.#readAll()];
    while (this.#take('||')) parts.push(this.#readAll());
    return (fields) => parts.some((part) => part(fields));
  }

  expectEnd(): void {
    if (this.#at < this.#text.length) throw unknown(this.#pattern);
  }

  #readAll(): FieldsFilter {
    const parts = [this.#readOne()];
    while (this.#take('&&')) parts.push(this.#readOne());
    return (fields) => parts.every((part) => part(fields));
  }

  #readOne(): FieldsFilter {
    if (this.#take('(')) {
      const inner = this.readAny();
      if (!this.#take(')')) throw unknown(this.#pattern);
      return inner;
    }
    const [, , path, operator, value] = this.#next() ?? [];
    if (path === undefined || value === undefined) throw unknown(this.#pattern);
    const names = path.slice(2).split('.');
    const expected = value.startsWith('"') ? value.slice(1, -1).replace(/\\(.)/g, '$1') : value;
    return (fields) => {
      const found = names.reduce<unknown>((inner, name) => (inner as Record<string, unknown> | null)?.[name], fields);
      return (found !== undefined && String(found) === expected) === (operator === '=');
    };
  }

  #next(): RegExpExecArray | undefined {
    TOKEN.lastIndex = this.#at;
    const match = TOKEN.exec(this.#text);
    if (!match) return undefined;
    this.#at = TOKEN.lastIndex;
    return match;
  }

  #take(token: string): boolean {
    const before = this.#at;
    if (this.#next()?.[1] === token) return true;
    this.#at = before;
    return false;
  }
}

function unknown(pattern: string): FilterPatternError {
  return new FilterPatternError(
    `The filter pattern ${JSON.stringify(pattern)} is not known here, allowed is one like { $.event = "response" && $.level != "ERROR" }`,
  );
}
