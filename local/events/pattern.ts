import { isObject, type Json, type JsonObject } from '../asl/json.ts';
import { type Leaf, leavesOf } from './event.ts';
import { InvalidPattern } from './invalid-pattern.ts';
import { compileFieldTest, type FieldTest, RESERVED_NAMES } from './value-test.ts';

/** A pattern, compiled; whether an event matches it. */
export type Pattern = (event: Json) => boolean;

/** What one field must be: one of its tests passes. */
interface Field {
  readonly path: string;
  readonly tests: readonly FieldTest[];
}

/** Fields that must all match. */
type Alternative = readonly Field[];

/** "The rule combinations that $or makes are limited to 1000" (EventBridge user guide, "Comparison operators"). */
const MOST_ALTERNATIVES = 1000;

/**
 * Compiles an event pattern. Fields are ANDed, the members of an array are ORed, `$or` makes alternatives; and no two
 * fields may match in different elements of one array. Throws an InvalidPattern.
 */
export function compilePattern(pattern: Json): Pattern {
  if (!isObject(pattern)) throw new InvalidPattern('Filter is not an object');
  const alternatives = compileObject(pattern, '', false);
  return (event) => {
    const leaves = leavesOf(event);
    return alternatives.some((alternative) => matches(alternative, leaves));
  };
}

function compileObject(pattern: JsonObject, prefix: string, isInOr: boolean): Alternative[] {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new InvalidPattern('Empty objects are not allowed');
  let alternatives: Alternative[] = [[]];
  for (const [name, value] of entries) {
    if (isInOr && RESERVED_NAMES.has(name)) {
      throw new InvalidPattern(`${name} is Ruler reserved fieldName which cannot be used inside $or.`);
    }
    const next = name === '$or' ? compileOr(value, prefix) : compileField(name, value, prefix, isInOr);
    alternatives = alternatives.flatMap((left) => next.map((right) => [...left, ...right]));
    if (alternatives.length > MOST_ALTERNATIVES) {
      throw new InvalidPattern(`$or makes more than ${MOST_ALTERNATIVES} combinations of rules`);
    }
  }
  return alternatives;
}

function compileField(name: string, value: Json, prefix: string, isInOr: boolean): Alternative[] {
  const path = `${prefix}${name}`;
  if (isObject(value)) return compileObject(value, `${path}.`, isInOr);
  if (!Array.isArray(value)) throw new InvalidPattern(`"${name}" must be an object or an array`);
  if (value.length === 0) throw new InvalidPattern('Empty arrays are not allowed');
  return [[{ path, tests: value.map(compileFieldTest) }]];
}

function compileOr(value: Json, prefix: string): Alternative[] {
  if (!Array.isArray(value)) throw new InvalidPattern('It must be an Array followed with $or.');
  const alternatives = value.flatMap((branch) => {
    if (isObject(branch)) return compileObject(branch, prefix, true);
    throw new InvalidPattern('Only JSON object is allowed in array of $or relationship.');
  });
  if (value.length < 2) throw new InvalidPattern('There must have at least 2 Objects in $or relationship.');
  return alternatives;
}

type Elements = Leaf['elements'];

function matches(alternative: Alternative, leaves: ReadonlyMap<string, readonly Leaf[]>): boolean {
  const candidates: Elements[][] = [];
  for (const { path, tests } of alternative) {
    const present = leaves.get(path) ?? [];
    if (present.length === 0 && tests.includes('absent')) continue;
    const passing = present.filter(({ value }) => tests.some((test) => test !== 'absent' && test(value)));
    if (passing.length === 0) return false;
    candidates.push(passing.map(({ elements }) => elements));
  }
  return areConsistent(withoutRepetition(candidates), 0, new Map());
}

/** Drops from each field the candidates that differ only in arrays that no other field lies in. */
function withoutRepetition(candidates: readonly Elements[][]): Elements[][] {
  const fieldsOf = new Map<number, Set<number>>();
  for (const [field, choices] of candidates.entries()) {
    for (const elements of choices) {
      for (const array of elements.keys()) fieldsOf.set(array, (fieldsOf.get(array) ?? new Set()).add(field));
    }
  }
  const isShared = ([array]: [number, number]): boolean => (fieldsOf.get(array)?.size ?? 0) > 1;
  return candidates.map((choices) => {
    const shared = choices.map((elements) => [...elements].filter(isShared));
    return [...new Map(shared.map((entries) => [entries.join(';'), new Map(entries)])).values()];
  });
}

/** Whether one candidate of each field, from a field on, can be taken so that no array is entered at two elements. */
function areConsistent(candidates: readonly Elements[][], field: number, taken: Elements): boolean {
  const choices = candidates[field];
  if (!choices) return true;
  return choices.some((elements) => {
    for (const [array, index] of elements) if ((taken.get(array) ?? index) !== index) return false;
    return areConsistent(candidates, field + 1, new Map([...taken, ...elements]));
  });
}
