import type { Json } from '../../json.ts';
import type { Scope } from '../template.ts';
import type { Path } from './path.ts';
import { type Selection, select } from './select.ts';

/** Evaluates a path on what its root stands for. */
export function selectFrom(path: Path, scope: Scope): Selection {
  const { root } = path;
  if (root.kind !== 'variable') return select(path, documentOf(path, scope));
  const value = Object.hasOwn(scope.variables, root.name) ? scope.variables[root.name] : undefined;
  if (value === undefined) return { missing: `The variable '$${root.name}' is not assigned`, isPastEnd: false };
  return select(path, value);
}

/** The document that a path reads, as AWS's messages show it: the state's data stands in for variables. */
export function documentOf({ root }: Path, { context, value }: Scope): Json {
  return root.kind === 'context' ? context : value;
}
