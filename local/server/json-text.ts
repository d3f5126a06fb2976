/** Where and why a text stops being JSON. */
export interface JsonProblem {
  readonly message: string;
  /** Where the reader stood, both from 1. */
  readonly line: number;
  readonly column: number;
}

const VALUE = 'JSON String, Number, Array, Object or token';
const STRING = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/uy;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[\p{L}\p{N}_$]+/uy;
const SPACE = /[ \t\n\r]*/y;

/** Why a text is no JSON, in AWS's words (its services read JSON with Jackson); undefined when it is. */
export function findJsonProblem(text: string): JsonProblem | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    const reader = new Reader(text);
    const message = reader.findProblem();
    const lines = text.slice(0, reader.at).split('\n');
    return { message, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
  }
}

type Bracket = '{' | '[';

class Reader {
  at = 0;
  readonly #text: string;
  /** Open brackets, innermost last. */
  readonly #open: Bracket[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  findProblem(): string {
    let problem: string | undefined;
    let isBehindValue = false;
    while (problem === undefined) {
      this.#skip(SPACE);
      if (!isBehindValue) {
        const bracket = this.#peek();
        if (bracket === '{' || bracket === '[') {
          this.#advance();
          this.#open.push(bracket);
          isBehindValue = this.#closes();
          if (!isBehindValue && bracket === '{') problem = this.#readName();
        } else {
          problem = this.#readScalar();
          isBehindValue = true;
        }
      } else if (!this.#closes()) {
        problem = this.#readComma();
        isBehindValue = false;
      }
    }
    return problem;
  }

  #peek(): string {
    return String.fromCodePoint(this.#text.codePointAt(this.at) ?? 0);
  }

  #advance(): void {
    this.at += this.#peek().length;
  }

  #skip(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const [found = ''] = pattern.exec(this.#text) ?? [];
    this.at += found.length;
    return found;
  }

  #closes(): boolean {
    this.#skip(SPACE);
    const open = this.#open.at(-1);
    if (open === undefined || this.#peek() !== (open === '{' ? '}' : ']')) return false;
    this.#advance();
    this.#open.pop();
    return true;
  }

  #readScalar(): string | undefined {
    if (this.#peek() === '"') return this.#readString();
    if (this.#skip(NUMBER) !== '') return undefined;
    const word = this.#skip(WORD);
    if (['true', 'false', 'null'].includes(word)) return undefined;
    if (word === '') return this.#unexpected(`expected a valid value (${VALUE} 'null', 'true' or 'false')`);
    return `Unrecognized token '${word}': was expecting (${VALUE} 'null', 'true' or 'false')`;
  }

  #readString(): string | undefined {
    if (this.#skip(STRING) !== '') return undefined;
    this.at = this.#text.length;
    return 'Unexpected end-of-input: was expecting closing quote for a string value';
  }

  #readName(): string | undefined {
    this.#skip(SPACE);
    if (this.#peek() !== '"') return this.#unexpected('was expecting double-quote to start field name');
    const problem = this.#readString();
    if (problem !== undefined) return problem;
    this.#skip(SPACE);
    if (this.#peek() !== ':') return this.#unexpected('was expecting a colon to separate field name and value');
    this.#advance();
    return undefined;
  }

  #readComma(): string | undefined {
    const open = this.#open.at(-1);
    if (open === undefined) return this.#unexpected('expected the end of the text');
    const kind = open === '{' ? 'Object' : 'Array';
    if (this.#peek() !== ',') return this.#unexpected(`was expecting comma to separate ${kind} entries`);
    this.#advance();
    return open === '{' ? this.#readName() : undefined;
  }

  #unexpected(why: string): string {
    if (this.at >= this.#text.length) return 'Unexpected end-of-input';
    const character = this.#peek();
    this.#advance();
    return `Unexpected character ('${character}' (code ${character.codePointAt(0)})): ${why}`;
  }
}
