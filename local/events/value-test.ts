import { isObject, type Json } from '../asl/json.ts';
import { compileCidr } from './cidr.ts';
import type { Scalar } from './event.ts';
import { InvalidPattern } from './invalid-pattern.ts';
import { compileNumeric } from './numeric.ts';
import { compileWildcard } from './wildcard.ts';

/** Whether a leaf has a value that a pattern asks for. */
export type ValueTest = (value: Scalar) => boolean;

/** A test of a leaf, or that there is none. */
export type FieldTest = ValueTest | 'absent';

/**
 * Compiles one member of a pattern's array: a value, or an object that names one operator. The operators, their
 * meaning and the words of the refusals are those of aws/event-ruler, which EventBridge runs. Throws an InvalidPattern.
 */
export function compileFieldTest(member: Json): FieldTest {
  if (Array.isArray(member)) {
    throw new InvalidPattern('Match value must be String, number, true, false, or null');
  }
  if (!isObject(member)) return (value) => value === member;
  const [[name, operand] = [], ...more] = Object.entries(member);
  if (name === undefined || operand === undefined) throw new InvalidPattern('Match expression name not found');
  const compile = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (!compile) throw new InvalidPattern(`Unrecognized match type ${name}`);
  const test = compile(operand);
  if (more.length > 0) throw new InvalidPattern('Only one key allowed in match expression');
  return test;
}

const OPERATORS: Readonly<Record<string, (operand: Json) => FieldTest>> = {
  exactly(operand) {
    const text = requireText(operand, 'exact');
    return (value) => value === text;
  },
  prefix: (operand) => startOrEnd('prefix', operand),
  suffix: (operand) => startOrEnd('suffix', operand),
  'equals-ignore-case': (operand) => equalsIgnoreCase(requireText(operand, 'equals-ignore-case')),
  wildcard: (operand) => ofText(compileWildcard(requireText(operand, 'wildcard'))),
  // The recorded words: its own name is not in them.
  cidr: (operand) => compileCidr(requireText(operand, 'prefix')),
  numeric: compileNumeric,
  exists(operand) {
    if (typeof operand !== 'boolean') throw new InvalidPattern('exists match pattern must be either true or false.');
    return operand ? () => true : 'absent';
  },
  'anything-but': compileAnythingBut,
};

/** Names of operators, which a field inside of `$or` must not have. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set(Object.keys(OPERATORS));

function requireText(operand: Json, name: string): string {
  if (typeof operand === 'string') return operand;
  throw new InvalidPattern(`${name} match pattern must be a string`);
}

function ofText(test: (text: string) => boolean): ValueTest {
  return (value) => typeof value === 'string' && test(value);
}

function equalsIgnoreCase(text: string): ValueTest {
  const folded = text.toLowerCase();
  return ofText((value) => value.toLowerCase() === folded);
}

type Side = 'prefix' | 'suffix';

function endsOrStarts(side: Side, text: string, affix: string): boolean {
  return side === 'prefix' ? text.startsWith(affix) : text.endsWith(affix);
}

function startOrEnd(side: Side, operand: Json): ValueTest {
  const isFolded = isObject(operand) && Object.keys(operand).join() === 'equals-ignore-case';
  if (!isFolded) {
    const affix = requireText(operand, side);
    return ofText((text) => endsOrStarts(side, text, affix));
  }
  const affix = requireText(operand['equals-ignore-case'] ?? null, 'equals-ignore-case').toLowerCase();
  return ofText((text) => endsOrStarts(side, text.toLowerCase(), affix));
}

/** Takes any value that is there and is none of those named. */
function compileAnythingBut(operand: Json): ValueTest {
  const excluded = isObject(operand) ? excludedByOperator(operand) : excludedValues(operand);
  return (value) => !excluded.some((test) => test(value));
}

function excludedValues(operand: Json): ValueTest[] {
  const values = listOf(operand);
  if (values.some((value) => typeof value !== 'string' && typeof value !== 'number')) {
    throw new InvalidPattern('Inside anything but list, start|null|boolean is not supported.');
  }
  if (new Set(values.map((value) => typeof value)).size !== 1) {
    throw new InvalidPattern(
      'Inside anything but list, either all values are number or string, mixed type is not supported',
    );
  }
  return values.map((excluded) => (value) => value === excluded);
}

/** The operators that take a list here, and only here. */
function excludedByOperator(operand: Record<string, Json>): ValueTest[] {
  const [[name, given = null] = [], ...more] = Object.entries(operand);
  if (name === undefined) throw new InvalidPattern('Anything-But expression name not found');
  if (more.length > 0) throw new InvalidPattern('Only one key allowed in match expression');
  const texts = (why: string): string[] =>
    listOf(given).map((text) => {
      if (typeof text === 'string') return text;
      throw new InvalidPattern(why);
    });
  switch (name) {
    case 'prefix':
    case 'suffix':
      return texts('prefix/suffix match pattern must be a string').map((affix) => {
        if (affix === '') throw new InvalidPattern('Null prefix/suffix not allowed');
        return ofText((text) => endsOrStarts(name, text, affix));
      });
    case 'wildcard':
      return texts('wildcard match pattern must be a string').map((text) => ofText(compileWildcard(text)));
    case 'equals-ignore-case':
      return texts('Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.').map(
        equalsIgnoreCase,
      );
    default:
      throw new InvalidPattern(`Unsupported anything-but pattern: ${name}`);
  }
}

function listOf(operand: Json): Json[] {
  const isScalar = typeof operand === 'string' || typeof operand === 'number';
  if (Array.isArray(operand)) return operand;
  if (isScalar) return [operand];
  throw new InvalidPattern('Value of anything-but must be an array or single string/number value.');
}
