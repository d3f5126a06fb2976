import type jsonata from 'jsonata';
import type { Json } from '../../json.ts';
import type { Scope } from '../template.ts';

/** In place of a result: the expression reads no data, but one of jsonata's functions or nothing. */
export const UNKNOWN = Symbol('unknown');

/** An expression evaluated without jsonata, with the same result: undefined where it gives nothing. */
export type Plain = (scope: Scope) => Json | undefined | typeof UNKNOWN;

const LITERALS: ReadonlySet<string> = new Set(['string', 'number', 'value']);
/** A step without predicates, sorting and the like. */
const PLAIN_FIELDS: ReadonlySet<string> = new Set(['type', 'value', 'position']);

/**
 * Compiles what most expressions are: a literal, or a path of names from `$states` or a variable. Undefined for every
 * other expression.
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
  if (!isPlain(ast)) return undefined;
  if (LITERALS.has(ast.type)) return () => ast.value as Json;
  return ast.type === 'variable' ? compilePath(String(ast.value), []) : undefined;
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
