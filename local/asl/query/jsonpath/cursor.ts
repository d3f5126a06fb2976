/** A place in a text that is being parsed. */
export class Cursor {
  readonly text: string;
  position = 0;

  constructor(text: string) {
    this.text = text;
  }

  get isAtEnd(): boolean {
    return this.position === this.text.length;
  }

  /** Takes the token if it stands here. */
  take(token: string): boolean {
    if (!this.text.startsWith(token, this.position)) return false;
    this.position += token.length;
    return true;
  }

  /** Takes what a sticky expression matches here. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.text);
    if (!match) return undefined;
    this.position = pattern.lastIndex;
    return match;
  }

  expect(token: string): void {
    if (!this.take(token)) throw this.error(`'${token}' is expected`);
  }

  skipSpace(): void {
    this.match(/\s*/y);
  }

  error(what: string): SyntaxError {
    return new SyntaxError(`${what} at character ${this.position + 1} of '${this.text}'`);
  }
}

const ESCAPED = /\\(.)/gs;
const SINGLE_QUOTED = /'((?:[^'\\]|\\.)*)'/sy;
const DOUBLE_QUOTED = /"((?:[^"\\]|\\.)*)"/sy;

/** Takes a quoted text, and gives what stands between the quotes, escapes resolved. */
export function takeQuoted(cursor: Cursor): string | undefined {
  const raw = (cursor.match(SINGLE_QUOTED) ?? cursor.match(DOUBLE_QUOTED))?.[1];
  return raw?.replace(ESCAPED, '$1');
}
