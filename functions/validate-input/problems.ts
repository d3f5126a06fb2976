import { LONE_SURROGATE } from '../shared/lone-surrogate.ts';

/** One breach of the input contract, as the schema reports it. */
export interface Breach {
  path: readonly PropertyKey[];
  /** What is allowed there. */
  message: string;
  /** The fields that the schema does not know, at `path`. */
  keys?: readonly string[];
  /** `found` replaces the description of the value at `path`. */
  params?: { found?: string };
}

/** Their text never appears in a problem: problems are logged and shown where prompts may not be. */
const PRIVATE_FIELDS: readonly PropertyKey[] = ['prompt', 'system', 'messages'];

const MOST_FOUND_CHARACTERS = 100;

/** Lambda answers with at most 6 MB, and a caller reads no more than this. */
const MOST_PROBLEMS = 50;

/** Words each breach as `<field>: found <what>, allowed is <what>`, one a field. */
export function wordProblems(input: unknown, breaches: readonly Breach[]): string[] {
  // Checks of one value have one wording.
  const problems = [...new Set(breaches.flatMap((breach) => wordBreach(input, breach)))];
  const more = problems.length - MOST_PROBLEMS;
  return more > 0 ? [...problems.slice(0, MOST_PROBLEMS), `and ${more} more problems`] : problems;
}

function wordBreach(input: unknown, { path, message, keys, params }: Breach): string[] {
  if (keys && isPrivate(path[0]))
    return [`${wordPath(path)}: found ${count(keys.length, 'unknown field')}, allowed is ${message}`];
  if (keys) return keys.map((key) => `${wordPath([...path, key])}: found an unknown field, allowed is ${message}`);
  return [
    `${wordPath(path)}: found ${params?.found ?? describe(valueAt(input, path), path[0])}, allowed is ${message}`,
  ];
}

function isPrivate(field: PropertyKey | undefined): boolean {
  return field !== undefined && PRIVATE_FIELDS.includes(field);
}

function wordPath(path: readonly PropertyKey[]): string {
  const parts = path.map((key) => {
    if (typeof key === 'number') return `[${key}]`;
    return /^[\w-]{1,100}$/.test(String(key)) ? `.${String(key)}` : `[${quote(String(key))}]`;
  });
  return parts.join('').replace(/^\./, '') || 'input';
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key], input);
}

/** A value's own text only where it is short and not private; else its type and length. */
function describe(value: unknown, field: PropertyKey | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${count(value.length, 'element')}`;
  if (typeof value === 'object') return `an object of ${count(Object.keys(value).length, 'field')}`;
  const isShown = field !== undefined && !isPrivate(field);
  if (typeof value !== 'string') return isShown ? String(value) : `a ${typeof value}`;
  const text = isShown ? quote(value) : `a string of ${count(value.length, 'character')}`;
  if (LONE_SURROGATE.test(value)) return `${text} with a lone surrogate`;
  const isBlank = value !== '' && value.trim() === '';
  return isBlank && !isShown ? `${text} with only white space` : text;
}

/** As JSON, so that white space and control characters show, and cut. */
export function quote(text: string): string {
  return JSON.stringify(text.length > MOST_FOUND_CHARACTERS ? `${text.slice(0, MOST_FOUND_CHARACTERS - 1)}…` : text);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
