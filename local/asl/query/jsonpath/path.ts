import type { Json } from '../../json.ts';

/**
 * A path of the JSONPath dialect that Step Functions uses, which is that of the Jayway library, parsed. Its `$` is the
 * state's data, `$$` the context object, `$name` a variable.
 */
export interface Path {
  /** As written. */
  readonly text: string;
  readonly root: Root;
  readonly steps: readonly Step[];
  /** Names one node. Any other path gives an array of all that it finds, empty if need be. */
  readonly isDefinite: boolean;
  /** A function at its end: `$.items.length()`. */
  readonly function: string | undefined;
}

export type Root =
  | { readonly kind: 'value' }
  | { readonly kind: 'context' }
  | { readonly kind: 'variable'; readonly name: string }
  /** `@`, in a filter. */
  | { readonly kind: 'current' };

export type Step =
  | { readonly kind: 'keys'; readonly keys: readonly string[] }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: 'wildcard' }
  /** `..`: the next step, applied to the node and to all below it. */
  | { readonly kind: 'descend' }
  | { readonly kind: 'filter'; readonly test: Filter };

/** Whether a node passes a filter. */
export type Filter = (node: Json, search: Search) => boolean;

/** One evaluation of a path, with the filters in it. */
export interface Search {
  /** What `$` stands for. */
  readonly document: Json;
  /** How many nodes it may still visit. */
  nodesLeft: number;
}

/** The path in Jayway's normal form, as AWS's messages show it: `$['a'][0]`. */
export function normalise(steps: readonly Step[]): string {
  return `$${steps.map(normaliseStep).join('')}`;
}

function normaliseStep(step: Step): string {
  switch (step.kind) {
    case 'keys':
      return `[${step.keys.map((key) => `'${key}'`).join(',')}]`;
    case 'indexes':
      return `[${step.indexes.join(',')}]`;
    case 'slice':
      return `[${step.from ?? ''}:${step.to ?? ''}]`;
    case 'wildcard':
      return '[*]';
    case 'descend':
      return '..';
    case 'filter':
      return '[?]';
  }
}
