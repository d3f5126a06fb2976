import { childrenOf, isNested, pointerTo } from './json-search.ts';

/** One difference between two JSON values, by JSON Pointer (RFC 6901). */
export interface Difference {
  readonly path: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly before?: unknown;
  readonly after?: unknown;
}

/** What was added, removed and changed from one value to the other, as deep inside as it can be told. */
export function diffJson(before: unknown, after: unknown, path = ''): Difference[] {
  if (!isNested(before) || !isNested(after) || Array.isArray(before) !== Array.isArray(after)) {
    return isSame(before, after) ? [] : [{ path, kind: 'changed', before, after }];
  }
  const [old, own] = [new Map(childrenOf(before)), new Map(childrenOf(after))];
  return [...new Set([...old.keys(), ...own.keys()])].flatMap((key): Difference[] => {
    const inner = pointerTo(path, key);
    if (!own.has(key)) return [{ path: inner, kind: 'removed', before: old.get(key) }];
    if (!old.has(key)) return [{ path: inner, kind: 'added', after: own.get(key) }];
    return diffJson(old.get(key), own.get(key), inner);
  });
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || (isNested(one) && isNested(other) && JSON.stringify(one) === JSON.stringify(other));
}
