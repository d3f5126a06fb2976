import type { Fact } from '../settings.ts';

/** The values of an output that are worth showing, as text; those that it does not have are left out. */
export function readFacts(output: string | undefined, facts: readonly Fact[]): { label: string; text: string }[] {
  const value = parse(output);
  return facts.flatMap(({ label, path, unit }) => {
    const found = readPath(value, path);
    if (typeof found !== 'string' && typeof found !== 'number') return [];
    return [{ label, text: unit === 'usd' ? `$${found}` : unit === 'ms' ? `${found} ms` : String(found) }];
  });
}

/** A value by the names that lead to it, as `usage.totalTokens`. */
export function readPath(value: unknown, path: string): unknown {
  return path.split('.').reduce((inner: unknown, name) => {
    const isThere = typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name);
    return isThere ? (inner as Record<string, unknown>)[name] : undefined;
  }, value);
}

/** JSON text as a value; undefined for none and for what is no JSON. */
export function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
