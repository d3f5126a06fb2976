import type jsonata from 'jsonata';
import type { Json } from '../../json.ts';
import type { Scope } from '../template.ts';

/** In place of a result: jsonata must tell what the expression gives, or what is wrong with it. */
export const UNKNOWN = Symbol('unknown');

/** An expression evaluated without jsonata, with the same result: undefined where it gives nothing. */
export type Plain = (scope: Scope) => Json | undefined | typeof UNKNOWN;

const LITERALS: ReadonlySet<string> = new Set(['string', 'number', 'value']);
const ARITHMETIC: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
};
const ORDER: Readonly<Record<string, (left: number | string, right: number | string) => boolean>> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};
const EQUALITY: Readonly<Record<string, (left: Json, right: Json) => boolean>> = {
  '=': (left, right) => left === right,
  '!=': (left, right) => left !== right,
};

/** A step without predicates, sorting and the like. */
const PLAIN_FIELDS: ReadonlySet<string> = new Set(['type', 'value', 'position']);

/**
 * Compiles what most expressions are: a literal, a path of names from `$states` or a variable, or arithmetic and
 * comparisons of these. Undefined for every other expression.
 */
export function compilePlain(ast: jsonata.ExprNode): Plain | undefined {
  if (ast.type === ('path' as string)) {
    const steps = ast.steps ?? [];
    const [root, ...names] = steps;
    const isPath = Object.keys(ast).length === 2 && steps.every(isPlain) && names.every(({ type }) => type === 'name');
    return isPath && root?.type === 'variable'
      ? compilePath(
          String(root.value),
          names.map(({ value }) => String(value)),
        )
      : undefined;
  }
  if (ast.type === 'binary') return compileBinary(ast);
  if (!isPlain(ast)) return undefined;
  if (LITERALS.has(ast.type)) return () => ast.value as Json;
  return ast.type === 'variable' ? compilePath(String(ast.value), []) : undefined;
}

/** An operator between two numbers; comparisons also of two texts, and for equality of any two scalars. */
function compileBinary(ast: jsonata.ExprNode): Plain | undefined {
  const { value: operator, lhs, rhs } = ast;
  if (Object.keys(ast).length !== 5 || !lhs || Array.isArray(lhs) || !rhs) return undefined; // type, position and these
  const [left, right] = [compilePlain(lhs), compilePlain(rhs)];
  const apply = applying(String(operator));
  if (!left || !right || !apply) return undefined;
  return (scope) => {
    const [first, second] = [left(scope), right(scope)];
    return isScalar(first) && isScalar(second) ? apply(first, second) : UNKNOWN;
  };
}

function applying(operator: string): ((left: Json, right: Json) => Json | typeof UNKNOWN) | undefined {
  const [calculate, isInOrder] = [ARITHMETIC[operator], ORDER[operator]];
  if (calculate) {
    return (left, right) => {
      const result = typeof left === 'number' && typeof right === 'number' ? calculate(left, right) : Number.NaN;
      return Number.isFinite(result) ? result : UNKNOWN;
    };
  }
  if (!isInOrder) return EQUALITY[operator];
  return (left, right) => {
    const areNumbers = typeof left === 'number' && typeof right === 'number';
    return areNumbers || (typeof left === 'string' && typeof right === 'string') ? isInOrder(left, right) : UNKNOWN;
  };
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || (value !== undefined && typeof value !== 'object' && typeof value !== 'symbol');
}

function isPlain(node: jsonata.ExprNode): boolean {
  return Object.keys(node).every((field) => PLAIN_FIELDS.has(field));
}

function compilePath(root: string, names: readonly string[]): Plain {
  return ({ states, variables }) => {
    if (root === 'states') return follow(states, names);
    const value = Object.hasOwn(variables, root) ? variables[root] : undefined;
    return value === undefined ? UNKNOWN : follow(value, names);
  };
}

/** What jsonata calls a sequence: results of mapping, and not an array of the data. */
class Sequence {
  readonly items: Json[] = [];

  /** Puts in a result, arrays of all kinds by their items. */
  add(result: Json | Sequence | undefined): void {
    if (result === undefined) return;
    const items = result instanceof Sequence ? result.items : result;
    if (Array.isArray(items)) for (const item of items) this.items.push(item);
    else this.items.push(items);
  }

  /** None are nothing, and one is itself. */
  collapse(): Json | Sequence | undefined {
    return this.items.length > 1 ? this : this.items[0];
  }
}

function follow(start: Json, names: readonly string[]): Json | undefined {
  let current: Json | undefined = start;
  for (const [position, name] of names.entries()) {
    if (Array.isArray(current)) return mapSteps(current, names.slice(position));
    current = current === undefined ? undefined : (lookUp(current, name) as Json | undefined);
  }
  return current;
}

/** Takes the steps from each of some values. */
function mapSteps(start: readonly Json[], names: readonly string[]): Json | undefined {
  let from = start;
  for (const [position, name] of names.entries()) {
    const results = from.map((item) => mapName(item, name)).filter((result) => result !== undefined);
    const [only] = results;
    // An array of the data stays what it is where it is the only result.
    if (position === names.length - 1 && results.length === 1 && Array.isArray(only)) return only;
    const sequence = new Sequence();
    for (const result of results) sequence.add(result);
    from = sequence.items;
  }
  return from.length > 1 ? [...from] : from[0];
}

function mapName(node: Json, name: string): Json | Sequence | undefined {
  const found = lookUp(node, name);
  return found instanceof Sequence ? found.collapse() : found;
}

function lookUp(node: Json, name: string): Json | Sequence | undefined {
  if (Array.isArray(node)) {
    const sequence = new Sequence();
    for (const item of node) sequence.add(lookUp(item, name));
    return sequence;
  }
  if (typeof node !== 'object' || node === null || !Object.hasOwn(node, name)) return undefined;
  return looksLikeFunction(node) ? undefined : node[name];
}

/** jsonata marks its functions with these, and takes data that has them for one. */
function looksLikeFunction(node: Readonly<Record<string, Json>>): boolean {
  return node['_jsonata_function'] === true || node['_jsonata_lambda'] === true;
}
