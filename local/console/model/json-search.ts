/** Where a text is found in a JSON value, by JSON Pointer (RFC 6901). */
export interface Found {
  readonly matches: ReadonlySet<string>;
  /** What must be unfolded to see them. */
  readonly around: ReadonlySet<string>;
}

/** More are not marked. */
const MOST = 1000;

/** Finds a text in names and in values, whatever its case. */
export function searchJson(value: unknown, text: string): Found {
  const matches = new Set<string>();
  const around = new Set<string>();
  const sought = text.toLowerCase();
  const visit = (inner: unknown, name: string, path: string, parents: readonly string[]): void => {
    if (matches.size >= MOST) return;
    const own = isNested(inner) ? name : `${name}\n${String(inner)}`;
    if (own.toLowerCase().includes(sought)) {
      matches.add(path);
      for (const parent of parents) around.add(parent);
    }
    for (const [key, child] of childrenOf(inner)) visit(child, key, pointerTo(path, key), [...parents, path]);
  };
  if (sought !== '') visit(value, '', '', []);
  return { matches, around };
}

export function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** The members of an object or the items of an array. */
export function childrenOf(value: unknown): [key: string, value: unknown][] {
  return isNested(value) ? Object.entries(value) : [];
}

export function pointerTo(parent: string, key: string): string {
  return `${parent}/${key.replace(/~/g, '~0').replace(/\//g, '~1')}`;
}
