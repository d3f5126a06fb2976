import { STATES_ERRORS } from '../../errors.ts';
import { isObject, type Json, type JsonObject, jsonType } from '../../json.ts';
import { parseTimestamp } from '../../timestamp.ts';
import { QueryError, type Scope, type Template } from '../template.ts';
import { compare } from './compare.ts';
import { selectFrom } from './document.ts';
import { parsePath } from './path-parser.ts';
import { compilePattern } from './string-pattern.ts';

type Test = (scope: Scope) => boolean;

/** How a comparison's two values compare: negative, 0 or positive; undefined when one is not of the operator's type. */
type Order = (left: Json, right: Json) => number | undefined;

const ORDERS: Readonly<Record<string, Order>> = {
  String: (left, right) => (typeof left === 'string' ? compare(left, right) : undefined),
  Numeric: (left, right) => (typeof left === 'number' ? compare(left, right) : undefined),
  Boolean: (left, right) =>
    typeof left === 'boolean' && typeof right === 'boolean' ? Number(left) - Number(right) : undefined,
  Timestamp: (left, right) => {
    const [first, second] = [parseTimestamp(left), parseTimestamp(right)];
    return first === undefined || second === undefined ? undefined : first - second;
  },
};

const RELATIONS: Readonly<Record<string, (order: number) => boolean>> = {
  Equals: (order) => order === 0,
  LessThan: (order) => order < 0,
  GreaterThan: (order) => order > 0,
  LessThanEquals: (order) => order <= 0,
  GreaterThanEquals: (order) => order >= 0,
};

/** The types that an operand of a comparison may have in a definition. */
const OPERAND_TYPES: Readonly<Record<string, string>> = {
  String: 'string',
  Numeric: 'number',
  Boolean: 'boolean',
  Timestamp: 'string',
};

const TYPE_TESTS: Readonly<Record<string, (value: Json | undefined) => boolean>> = {
  IsPresent: (value) => value !== undefined,
  IsNull: (value) => value === null,
  IsString: (value) => typeof value === 'string',
  IsNumeric: (value) => typeof value === 'number',
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: (value) => parseTimestamp(value) !== undefined,
};

const COMPARISON =
  /^(?:(Boolean)(Equals)|(String|Numeric|Timestamp)(Equals|LessThan|GreaterThan|LessThanEquals|GreaterThanEquals))(Path)?$/;

/** Compiles a choice rule: And, Or, Not, or one comparison of a Variable. Throws a SyntaxError. */
export function compileRule(rule: Json | undefined, location: string): Template<boolean> {
  const test = compileTest(rule, location);
  return { evaluate: test };
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
  const operators = Object.keys(rule).filter((name) => !['Variable', 'Next', 'Assign', 'Comment'].includes(name));
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
  const [, boolean, booleanRelation, type = boolean, relation = booleanRelation, isPath] =
    COMPARISON.exec(operator) ?? [];
  const compareValues = ORDERS[type ?? ''];
  const holds = RELATIONS[relation ?? ''];
  if (!compareValues || !holds) throw new SyntaxError(`The comparison '${operator}' of ${location} does not exist`);
  const expected = isPath ? 'string' : (OPERAND_TYPES[type ?? ''] ?? '');
  const value = requireOperand(operator, operand, expected);
  const right = isPath ? compileVariable(String(value)) : () => value;
  return (scope) => {
    const order = compareValues(left(scope), right(scope));
    return order !== undefined && holds(order);
  };
}

/** IsPresent asks whether there is a value; the other tests are false of a value that is not there. */
function compileTypeTest(
  operator: string,
  isOfType: (value: Json | undefined) => boolean,
  variable: string,
  expected: Json,
): Test {
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
