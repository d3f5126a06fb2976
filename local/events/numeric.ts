import type { Json } from '../asl/json.ts';
import type { Scalar } from './event.ts';
import { InvalidPattern } from './invalid-pattern.ts';

/** "Numeric matching is limited to value between -5.0e9 and +5.0e9 inclusive" (aws/event-ruler, README). */
const MOST = 5e9;

type Comparison = (value: number, bound: number) => boolean;

const COMPARISONS: Readonly<Record<string, Comparison>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

/** Compiles `["=", 5]`, `["<", 10]`, or a range, `[">", 0, "<=", 5]`. Throws an InvalidPattern. */
export function compileNumeric(operand: Json): (value: Scalar) => boolean {
  if (!Array.isArray(operand)) throw new InvalidPattern('Value of numeric must be an array.');
  const [operator, bound, ...rest] = operand;
  if (typeof operator !== 'string') throw new InvalidPattern(`Invalid member in numeric match: ${show(operator)}`);
  const compare = Object.hasOwn(COMPARISONS, operator) ? COMPARISONS[operator] : undefined;
  if (!compare) throw new InvalidPattern(`Unrecognized numeric range operator: ${operator}`);
  const first = requireBound(operator === '=' ? 'equals' : operator, bound);
  const isOpen = operator.startsWith('>');
  if (rest.length > 0 && !isOpen) throw new InvalidPattern('Too many elements in numeric expression');
  const top = rest.length > 0 ? compileTop(rest) : () => true;
  return (value) => typeof value === 'number' && compare(value, first) && top(value);
}

function compileTop([operator, bound, ...more]: readonly Json[]): (value: number) => boolean {
  if (typeof operator !== 'string') throw new InvalidPattern(`Bad value in numeric range: ${show(operator)}`);
  const compare = operator === '<' || operator === '<=' ? COMPARISONS[operator] : undefined;
  if (!compare) throw new InvalidPattern(`Bad numeric range operator: ${operator}`);
  const top = requireBound(operator, bound);
  if (more.length > 0) throw new InvalidPattern('Too many terms in numeric range expression');
  return (value) => compare(value, top);
}

function requireBound(name: string, bound: Json | undefined): number {
  if (typeof bound !== 'number') throw new InvalidPattern(`Value of ${name} must be numeric`);
  if (Math.abs(bound) <= MOST) return bound;
  throw new InvalidPattern(`Value must be between ${-MOST} and ${MOST}, inclusive`);
}

function show(value: Json | undefined): string {
  return value === undefined ? ']' : typeof value === 'string' ? value : JSON.stringify(value);
}
