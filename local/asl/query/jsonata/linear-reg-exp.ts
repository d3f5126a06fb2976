import { RE2JS } from 're2js';

/** What jsonata uses of a RegExp. Characters are code points, and a class as `\s` is of ASCII only: as RE2 has it. */
export interface LinearRegExp {
  readonly source: string;
  readonly flags: string;
  lastIndex: number;
  exec(text: string): RegExpExecArray | null;
  test(text: string): boolean;
}

/** How often a text is read for one step of the meter, at the most. */
const READS_OF_STEP = 8;
/** A read can advance every instruction of the program: so many of them are one step. */
const INSTRUCTIONS_OF_STEP = 400;
/** After how many reads they are counted, while a search goes on. */
const COUNTED_READS = 4096;

const programs = new WeakMap<RegExp, RE2JS>();

/**
 * A regular expression in the place of a JavaScript one, whose matching takes time in proportion to the text. `spend` gets
 * the steps that it takes, in the midst of a search too, and may throw. Throws an Error that says what RE2 lacks:
 * backreferences and assertions that look ahead or behind.
 */
export function createLinearRegExp(pattern: RegExp, spend: (steps: number) => void): LinearRegExp {
  const program = compileLinear(pattern);
  const stepsOfRead = Math.max(1 / READS_OF_STEP, program.programSize() / INSTRUCTIONS_OF_STEP);
  const countReads = (reads: number): void => spend(Math.floor(reads * stepsOfRead));
  let subject = new CountedText('', countReads);
  let matcher = program.matcher(subject as unknown as string);
  const expression: LinearRegExp = {
    source: pattern.source,
    flags: pattern.flags,
    lastIndex: 0,
    exec(text) {
      if (subject.text !== text) {
        subject = new CountedText(text, countReads);
        matcher = program.matcher(subject as unknown as string);
      }
      const isFound = expression.lastIndex <= text.length && matcher.find(expression.lastIndex);
      spend(1);
      subject.flush();
      expression.lastIndex = isFound ? matcher.end() : 0;
      if (!isFound) return null;
      const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, group) => matcher.group(group) ?? undefined);
      return Object.assign(groups as string[], { index: matcher.start(), input: text }) as RegExpExecArray;
    },
    test: (text) => expression.exec(text) !== null,
  };
  return expression;
}

/** Translates a JavaScript expression, once. Throws an Error that names it where RE2 has no such thing. */
export function compileLinear(pattern: RegExp): RE2JS {
  const known = programs.get(pattern);
  if (known) return known;
  const flags = (pattern.ignoreCase ? RE2JS.CASE_INSENSITIVE : 0) | (pattern.multiline ? RE2JS.MULTILINE : 0);
  try {
    const program = RE2JS.compile(RE2JS.translateRegExp(pattern.source), flags);
    programs.set(pattern, program);
    return program;
  } catch (error) {
    throw new Error(`The regular expression /${pattern.source}/ is not supported: ${(error as Error).message}`);
  }
}

/**
 * A text that counts how often it is read. Each match is linear, but finding all matches of `a.*b|a` is not: only the
 * count tells. RE2JS takes a String, and reads it by these two methods.
 */
class CountedText extends String {
  readonly text: string;
  readonly #count: (reads: number) => void;
  #reads = 0;

  constructor(text: string, count: (reads: number) => void) {
    super(text);
    this.text = text;
    this.#count = count;
  }

  override charCodeAt(index: number): number {
    this.#read(1);
    return this.text.charCodeAt(index);
  }

  override indexOf(part: string, from = 0): number {
    const found = this.text.indexOf(part, from);
    this.#read((found < 0 ? this.text.length : found) - from);
    return found;
  }

  #read(reads: number): void {
    this.#reads += reads;
    if (this.#reads >= COUNTED_READS) this.flush();
  }

  /** Counts what was read since the last time. */
  flush(): void {
    const reads = this.#reads;
    this.#reads = 0;
    this.#count(reads);
  }
}
