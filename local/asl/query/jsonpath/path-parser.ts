import { Cursor, takeQuoted } from './cursor.ts';
import { FilterParser } from './filter.ts';
import type { Path, Root, Step } from './path.ts';

const VARIABLE = /\$([\p{L}_][\p{L}\p{N}_]*)/uy;
const NAME = /[^\s.[\]()*?,=<>!&|'"]+/uy;
const FUNCTION = /\.(\w+)\(\)/y;
const INDEXES = /-?\d+(?:\s*,\s*-?\d+)*(?=\s*\])/y;
const SLICE = /(-?\d+)?\s*:\s*(-?\d+)?(?=\s*\])/y;

/** Parses a text that is one path. Throws a SyntaxError. */
export function parsePath(text: string): Path {
  const cursor = new Cursor(text);
  const path = takePath(cursor);
  if (!path || !cursor.isAtEnd) throw cursor.error('A JSONPath is expected');
  return path;
}

/** Takes the path that begins here, if one does; only in a filter may it begin with `@`. */
export function takePath(cursor: Cursor, isInFilter = false): Path | undefined {
  const start = cursor.position;
  const root = takeRoot(cursor, isInFilter);
  if (!root) return undefined;
  const steps: Step[] = [];
  let name: string | undefined;
  for (;;) {
    name = cursor.match(FUNCTION)?.[1];
    if (name !== undefined || !takeStep(cursor, steps)) break;
  }
  return {
    text: cursor.text.slice(start, cursor.position),
    root,
    steps,
    isDefinite: steps.every((step, index) => isDefinite(step, index === steps.length - 1)),
    function: name,
  };
}

function takeRoot(cursor: Cursor, isInFilter: boolean): Root | undefined {
  if (isInFilter && cursor.take('@')) return { kind: 'current' };
  if (cursor.take('$$')) return { kind: 'context' };
  const name = cursor.match(VARIABLE)?.[1];
  if (name !== undefined) return { kind: 'variable', name };
  return cursor.take('$') ? { kind: 'value' } : undefined;
}

function isDefinite(step: Step, isLast: boolean): boolean {
  if (step.kind === 'indexes') return step.indexes.length === 1;
  // Several names at the end give one object that has them.
  return step.kind === 'keys' && (step.keys.length === 1 || isLast);
}

function takeStep(cursor: Cursor, steps: Step[]): boolean {
  const isDeep = cursor.take('..');
  const isNamed = isDeep || cursor.take('.');
  if (isDeep) steps.push({ kind: 'descend' });
  if (cursor.take('[')) steps.push(takeBracket(cursor));
  else if (isNamed) steps.push(takeName(cursor));
  else return false;
  return true;
}

function takeName(cursor: Cursor): Step {
  if (cursor.take('*')) return { kind: 'wildcard' };
  const name = cursor.match(NAME)?.[0];
  if (name === undefined) throw cursor.error("A name is expected after '.'");
  return { kind: 'keys', keys: [name] };
}

/** What stands after a `[`, and the `]`. */
function takeBracket(cursor: Cursor): Step {
  cursor.skipSpace();
  const step = takeSubscript(cursor);
  cursor.skipSpace();
  cursor.expect(']');
  return step;
}

function takeSubscript(cursor: Cursor): Step {
  if (cursor.take('*')) return { kind: 'wildcard' };
  if (cursor.take('?')) return { kind: 'filter', test: new FilterParser(cursor, () => takePath(cursor, true)).parse() };
  const slice = cursor.match(SLICE);
  if (slice) return { kind: 'slice', from: toInteger(slice[1]), to: toInteger(slice[2]) };
  const indexes = cursor.match(INDEXES)?.[0];
  if (indexes !== undefined) return { kind: 'indexes', indexes: indexes.split(',').map(Number) };
  const keys: string[] = [];
  do {
    cursor.skipSpace();
    const key = takeQuoted(cursor);
    if (key === undefined) throw cursor.error('A name in quotes, an index, a slice, * or a filter is expected');
    keys.push(key);
    cursor.skipSpace();
  } while (cursor.take(','));
  return { kind: 'keys', keys };
}

function toInteger(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}
