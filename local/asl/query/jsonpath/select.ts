import { isObject, type Json, setKey } from '../../json.ts';
import { normalise, type Path, type Step } from './path.ts';

/** What a path finds; or why it finds nothing, in Jayway's words. */
export type Selection =
  | { readonly value: Json }
  /** `isPastEnd`: its array is there, and too short. */
  | { readonly missing: string; readonly isPastEnd: boolean };

/** Evaluates a path on the document that its root stands for. */
export function select(path: Path, document: Json): Selection {
  const found = path.isDefinite
    ? selectOne(path.steps, document)
    : { value: selectAll(path.steps, document, document) };
  if (path.function === undefined || !('value' in found)) return found;
  const { value } = found;
  // Step Functions has no other of Jayway's functions.
  if (path.function === 'length' && typeof value === 'object' && value !== null) {
    return { value: Object.keys(value).length };
  }
  return { missing: `No results for path: ${normalise(path.steps)}.${path.function}()`, isPastEnd: false };
}

function selectOne(steps: readonly Step[], document: Json): Selection {
  let node = document;
  for (const [position, step] of steps.entries()) {
    const isLast = position === steps.length - 1;
    const [value] = apply(step, node, document, isLast);
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

function selectAll(steps: readonly Step[], node: Json, document: Json): Json[] {
  const [step, ...rest] = steps;
  if (!step) return [node];
  if (step.kind === 'descend') return descend(rest, node, document);
  return apply(step, node, document, rest.length === 0).flatMap((child) => selectAll(rest, child, document));
}

/** The steps applied to the node itself, then to each node below it, parents first. */
function descend(steps: readonly Step[], node: Json, document: Json): Json[] {
  if (typeof node !== 'object' || node === null) return [];
  const below = Object.values(node).flatMap((child: Json) => descend(steps, child, document));
  return [...selectAll(steps, node, document), ...below];
}

/** The nodes that one step leads to. */
function apply(step: Step, node: Json, document: Json, isLast: boolean): Json[] {
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
      return (Array.isArray(node) ? node : isObject(node) ? [node] : []).filter((item) => step.test(item, document));
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
