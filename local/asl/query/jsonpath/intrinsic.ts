import { STATES_ERRORS } from '../../error-names.ts';
import type { Json } from '../../json.ts';
import type { Scope } from '../template.ts';
import { Cursor } from './cursor.ts';
import { selectFrom } from './document.ts';
import { FUNCTIONS } from './functions.ts';
import { takePath } from './path-parser.ts';

/** Why an intrinsic function gave nothing. */
export class IntrinsicError extends Error {
  override readonly name = 'IntrinsicError';
  readonly error: string;

  constructor(message: string, error: string = STATES_ERRORS.intrinsicFailure) {
    super(message);
    this.error = error;
  }
}

/** Throws IntrinsicError. */
type Argument = (scope: Scope) => Json;

/** "You can nest up to 10 intrinsic functions" (developer guide, "Intrinsic functions"). */
const MAX_DEPTH = 10;

const CALL = /States\.(\w+)\s*\(/y;
/** Only a quote, a brace and a backslash can be escaped; AWS refuses a definition with any other escape. */
const TEXT = /'((?:[^'\\]|\\['\\{}])*)'/y;
const VALUE = /true\b|false\b|null\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const ESCAPED = /\\(['\\{}])/g;

/** Parses a text that is one call of an intrinsic function. Throws a SyntaxError. */
export function parseIntrinsic(text: string): Argument {
  const cursor = new Cursor(text);
  const call = takeCall(cursor, 1);
  cursor.skipSpace();
  if (!call || !cursor.isAtEnd) throw cursor.error('A call of an intrinsic function is expected');
  return call;
}

function takeCall(cursor: Cursor, depth: number): Argument | undefined {
  const name = cursor.match(CALL)?.[1];
  if (name === undefined) return undefined;
  const definition = FUNCTIONS.get(name);
  if (!definition) throw cursor.error(`The intrinsic function States.${name} does not exist`);
  if (depth > MAX_DEPTH) throw cursor.error(`More than ${MAX_DEPTH} intrinsic functions are nested`);
  const args = takeArguments(cursor, depth, name === 'Format');
  if (args.length < definition.least || args.length > definition.most) {
    throw cursor.error(`States.${name} does not take ${args.length} arguments`);
  }
  return (scope) => {
    const values = args.map((argument) => argument(scope));
    try {
      return definition.call(values, scope.random);
    } catch (error) {
      throw new IntrinsicError((error as Error).message);
    }
  };
}

function takeArguments(cursor: Cursor, depth: number, isFormat: boolean): Argument[] {
  const args: Argument[] = [];
  cursor.skipSpace();
  while (!cursor.take(')')) {
    if (args.length > 0) cursor.expect(',');
    cursor.skipSpace();
    args.push(takeArgument(cursor, depth, isFormat && args.length === 0));
    cursor.skipSpace();
  }
  return args;
}

/** The template of States.Format keeps its escapes, which tell its braces apart. */
function takeArgument(cursor: Cursor, depth: number, isTemplate: boolean): Argument {
  const raw = cursor.match(TEXT)?.[1];
  if (raw !== undefined) {
    const text = isTemplate ? raw : raw.replace(ESCAPED, '$1');
    return () => text;
  }
  const literal = cursor.match(VALUE)?.[0];
  if (literal !== undefined) {
    const value = JSON.parse(literal) as Json;
    return () => value;
  }
  const argument = takeCall(cursor, depth + 1) ?? takePathArgument(cursor);
  if (!argument) throw cursor.error('An argument is expected');
  return argument;
}

function takePathArgument(cursor: Cursor): Argument | undefined {
  const path = takePath(cursor);
  if (!path) return undefined;
  // As recorded by others on AWS: a path into the context object is shown from its own root, the input is the state's.
  const shown = path.root.kind === 'context' ? path.text.slice(1) : path.text;
  return (scope) => {
    const selection = selectFrom(path, scope);
    if ('value' in selection) return selection.value;
    const input = JSON.stringify(scope.value);
    const why = `The JsonPath argument for the field '${shown}' could not be found in the input '${input}'`;
    throw new IntrinsicError(why, STATES_ERRORS.runtime);
  };
}
