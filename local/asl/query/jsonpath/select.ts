import { STATES_ERRORS } from '../../error-names.ts';
import { isObject, type Json, setKey } from '../../json.ts';
import { QueryError } from '../template.ts';
import { normalise, type Path, type Search, type Step } from './path.ts';

/** What a path finds; or why it finds nothing, in Jayway's words. */
export type Selection =
  | { readonly value: Json }
  /** `isPastEnd`: its array is there, and too short. */
  | { readonly missing: string; readonly isPastEnd: boolean };

/** Keeps a path of several `..` from running for ever; what fits in a state is visited in far fewer steps. */
const MAX_NODES = 500_000;

/** Evaluates a path from a node. Throws a QueryError when it visits too many nodes. */
export function select(path: Path, node: Json, search: Search = { document: node, nodesLeft: MAX_NODES }): Selection {
  const { steps } = path;
  const found = path.isDefinite ? selectOne(steps, node, search) : { value: selectAll(steps, 0, node, search) };
  if (path.function === undefined || !('value' in found)) return found;
  const { value } = found;
  // Step Functions has no other of Jayway's functions.
  if (path.function === 'length' && typeof value === 'object' && value !== null) {
    return { value: Object.keys(value).length };
  }
  return { missing: `No results for path: ${normalise(steps)}.${path.function}()`, isPastEnd: false };
}

function selectOne(steps: readonly Step[], start: Json, search: Search): Selection {
  let node = start;
  for (const [position, step] of steps.entries()) {
    const [value] = apply(step, node, search, position === steps.length - 1);
    if (value === undefined) return explain(steps, position, node);
    node = value;
  }
  return { value: node };
}

function explain(steps: readonly Step[], position: number, node: Json): Selection {
  const step = steps[position];
  const isLast = position === steps.length - 1;
  if (step?.kind === 'indexes') {
    if (!Array.isArray(node)) {
      const missing = `Filter: [${step.indexes}] can only be applied to arrays. Current context is: ${JSON.stringify(node)}`;
      return { missing, isPastEnd: false };
    }
    return { missing: `No results for path: ${normalise(steps)}`, isPastEnd: isLast };
  }
  const missing = isLast
    ? `No results for path: ${normalise(steps)}`
    : `Missing property in path ${normalise(steps.slice(0, position + 1))}`;
  return { missing, isPastEnd: false };
}

/** Takes the steps from a position on. */
function selectAll(steps: readonly Step[], position: number, node: Json, search: Search): Json[] {
  const step = steps[position];
  const next = position + 1;
  if (!step) return [node];
  if (step.kind === 'descend') return descend(steps, next, node, search);
  return apply(step, node, search, next === steps.length).flatMap((child) => selectAll(steps, next, child, search));
}

/** The steps applied to the node itself, then to each node below it, parents first. */
function descend(steps: readonly Step[], position: number, start: Json, search: Search): Json[] {
  const found: Json[] = [];
  const ahead: Json[] = [start];
  for (let node = ahead.pop(); node !== undefined; node = ahead.pop()) {
    if (typeof node !== 'object' || node === null) continue;
    for (const item of selectAll(steps, position, node, search)) found.push(item);
    for (const child of Object.values(node).reverse()) ahead.push(child);
  }
  return found;
}

/** The nodes that one step leads to. */
function apply(step: Step, node: Json, search: Search, isLast: boolean): Json[] {
  const reached = reach(step, node, search, isLast);
  visit(search, 1 + reached.length);
  return reached;
}

/** Throws a QueryError when the search visits too many nodes. */
export function visit(search: Search, nodes: number): void {
  search.nodesLeft -= nodes;
  if (search.nodesLeft >= 0) return;
  throw new QueryError(`The path visits more than ${MAX_NODES} nodes`, '', STATES_ERRORS.runtime);
}

function reach(step: Step, node: Json, search: Search, isLast: boolean): Json[] {
  switch (step.kind) {
    case 'keys':
      return applyKeys(step.keys, node, isLast);
    case 'indexes':
      return Array.isArray(node)
        ? step.indexes.map((index) => node.at(index)).filter((item) => item !== undefined)
        : [];
    case 'slice':
      return Array.isArray(node) ? node.slice(step.from, step.to) : [];
    case 'wildcard':
      return typeof node === 'object' && node !== null ? Object.values(node) : [];
    case 'filter':
      return (Array.isArray(node) ? node : isObject(node) ? [node] : []).filter((item) => step.test(item, search));
    case 'descend':
      return [];
  }
}

function applyKeys(keys: readonly string[], node: Json, isLast: boolean): Json[] {
  if (!isObject(node)) return [];
  const present = keys.filter((key) => Object.hasOwn(node, key));
  const values = present.map((key) => node[key] as Json);
  if (keys.length === 1 || !isLast) return values;
  const merged: Record<string, Json> = {};
  for (const [index, key] of present.entries()) setKey(merged, key, values[index] as Json);
  return [merged];
}
