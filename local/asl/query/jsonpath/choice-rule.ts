import { STATES_ERRORS } from '../../error-names.ts';
import { isObject, type Json, type JsonObject, jsonType } from '../../json.ts';
import { parseTimestamp } from '../../timestamp.ts';
import { QueryError, type Scope, type Template } from '../template.ts';
import { compare } from './compare.ts';
import { selectFrom } from './document.ts';
import { parsePath } from './path-parser.ts';
import { compilePattern } from './string-pattern.ts';

type Test = (scope: Scope) => boolean;

/** The types that a comparison may be of: what its operand is in a definition, and how two values of it compare. */
const TYPES: Readonly<Record<string, { operand: string; order(left: Json, right: Json): number | undefined }>> = {
  String: { operand: 'string', order: (left, right) => (typeof left === 'string' ? compare(left, right) : undefined) },
  Numeric: { operand: 'number', order: (left, right) => (typeof left === 'number' ? compare(left, right) : undefined) },
  Boolean: {
    operand: 'boolean',
    order: (left, right) =>
      typeof left === 'boolean' && typeof right === 'boolean' ? Number(left) - Number(right) : undefined,
  },
  Timestamp: {
    operand: 'string',
    order(left, right) {
      const [first, second] = [parseTimestamp(left), parseTimestamp(right)];
      return first === undefined || second === undefined ? undefined : first - second;
    },
  },
};

const RELATIONS: Readonly<Record<string, (order: number) => boolean>> = {
  Equals: (order) => order === 0,
  LessThan: (order) => order < 0,
  GreaterThan: (order) => order > 0,
  LessThanEquals: (order) => order <= 0,
  GreaterThanEquals: (order) => order >= 0,
};

interface Comparison {
  readonly operand: string;
  /** False for values that are not of the comparison's type. */
  holds(left: Json, right: Json): boolean;
}

/** StringEquals, NumericLessThan and so on; booleans are only equal or not. */
const COMPARISONS: ReadonlyMap<string, Comparison> = new Map(
  Object.entries(TYPES).flatMap(([type, { operand, order }]) =>
    Object.entries(RELATIONS)
      .filter(([relation]) => type !== 'Boolean' || relation === 'Equals')
      .map(([relation, isSo]) => {
        const holds = (left: Json, right: Json): boolean => {
          const difference = order(left, right);
          return difference !== undefined && isSo(difference);
        };
        return [`${type}${relation}`, { operand, holds }] as const;
      }),
  ),
);

const TYPE_TESTS: Readonly<Record<string, (value: Json) => boolean>> = {
  IsPresent: () => true,
  IsNull: (value) => value === null,
  IsString: (value) => typeof value === 'string',
  IsNumeric: (value) => typeof value === 'number',
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: (value) => parseTimestamp(value) !== undefined,
};

/** The fields of a rule besides its comparison. */
const OTHER_FIELDS: readonly string[] = ['Variable', 'Next', 'Assign', 'Comment'];

/** Compiles a choice rule: And, Or, Not, or one comparison of a Variable. Throws a SyntaxError. */
export function compileRule(rule: Json | undefined, location: string): Template<boolean> {
  return { evaluate: compileTest(rule, location) };
}

function compileTest(rule: Json | undefined, location: string): Test {
  if (!isObject(rule)) throw new SyntaxError(`The choice rule ${location} is no object`);
  if ('Not' in rule) {
    const test = compileTest(rule['Not'], `${location}/Not`);
    return (scope) => !test(scope);
  }
  const operator = ['And', 'Or'].find((name) => name in rule);
  if (operator === undefined) return compileComparison(rule, location);
  const rules = rule[operator];
  if (!Array.isArray(rules)) throw new SyntaxError(`The field ${location}/${operator} is no array`);
  const tests = rules.map((item, index) => compileTest(item, `${location}/${operator}[${index}]`));
  return operator === 'And'
    ? (scope) => tests.every((test) => test(scope))
    : (scope) => tests.some((test) => test(scope));
}

function compileComparison(rule: JsonObject, location: string): Test {
  const variable = rule['Variable'];
  if (typeof variable !== 'string') throw new SyntaxError(`The choice rule ${location} has no Variable`);
  const operators = Object.keys(rule).filter((name) => !OTHER_FIELDS.includes(name));
  const [operator] = operators;
  if (operator === undefined || operators.length > 1) {
    throw new SyntaxError(`The choice rule ${location} must have one comparison, but has: ${operators.join(', ')}`);
  }
  const operand = rule[operator] ?? null;
  const isOfType = Object.hasOwn(TYPE_TESTS, operator) ? TYPE_TESTS[operator] : undefined;
  if (isOfType) return compileTypeTest(operator, isOfType, variable, requireOperand(operator, operand, 'boolean'));
  const left = compileVariable(variable);
  if (operator === 'StringMatches') {
    const matches = compilePattern(String(requireOperand(operator, operand, 'string')));
    return (scope) => {
      const value = left(scope);
      return typeof value === 'string' && matches(value);
    };
  }
  const comparison = COMPARISONS.get(operator.replace(/Path$/, ''));
  if (!comparison) throw new SyntaxError(`The comparison '${operator}' of ${location} does not exist`);
  if (operator.endsWith('Path')) {
    const right = compileVariable(String(requireOperand(operator, operand, 'string')));
    return (scope) => comparison.holds(left(scope), right(scope));
  }
  const value = requireOperand(operator, operand, comparison.operand);
  return (scope) => comparison.holds(left(scope), value);
}

/** Only IsPresent may be asked of a variable that is not there. */
function compileTypeTest(operator: string, isOfType: (value: Json) => boolean, variable: string, expected: Json): Test {
  const path = parsePath(variable);
  return (scope) => {
    const selection = selectFrom(path, scope);
    if ('value' in selection) return isOfType(selection.value) === expected;
    if (operator === 'IsPresent') return expected === false;
    throw invalidPath(variable);
  };
}

function requireOperand(operator: string, operand: Json, type: string): Json {
  if (jsonType(operand) === type) return operand;
  throw new SyntaxError(`The value for the field '${operator}' must be a ${type}, but was: ${JSON.stringify(operand)}`);
}

function compileVariable(text: string): (scope: Scope) => Json {
  const path = parsePath(text);
  return (scope) => {
    const selection = selectFrom(path, scope);
    if ('value' in selection) return selection.value;
    throw invalidPath(text);
  };
}

function invalidPath(text: string): QueryError {
  const why = `Invalid path '${text}': The choice state's condition path references an invalid value.`;
  return new QueryError(why, 'Choices', STATES_ERRORS.runtime);
}
