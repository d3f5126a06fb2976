import { type Definition, describeRule, innerDefinitions, isDistributed, type StateDefinition } from './definition.ts';

/** Where an arrow comes from in the definition. */
export type EdgeKind = 'start' | 'next' | 'choice' | 'default' | 'catch' | 'end';

/** An arrow; several catchers or rules with the same target are one. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: EdgeKind;
  /** What it is taken for: conditions of a Choice, error names of a Catch. */
  readonly labels: readonly string[];
}

export interface GraphState {
  readonly name: string;
  readonly type: string;
  readonly comment: string | undefined;
  /** How many retriers and catchers it declares. */
  readonly retriers: number;
  readonly catchers: number;
  readonly isDistributed: boolean;
  /** Whether child executions of a map run enter it, and this one never does. */
  readonly isInChild: boolean;
  /** Branches of a Parallel, the items' flow of a Map. */
  readonly inner: readonly Graph[];
}

/** One flow of states: a whole state machine, a branch, or what a Map does with each item. */
export interface Graph {
  readonly states: readonly GraphState[];
  readonly edges: readonly GraphEdge[];
}

/** The marks where a state machine starts and ends. No state can have these names. */
export const START = '\u0000start';
export const END = '\u0000end';

/** Reads a definition into states and arrows; only the outermost flow has marks for its start and end. */
export function toGraph(definition: Definition, isInner = false, isInChild = false): Graph {
  const entries = Object.entries(definition.States);
  const edges = entries.flatMap(([name, state]) => edgesOf(name, state));
  if (!isInner) {
    edges.push({ from: START, to: definition.StartAt, kind: 'start', labels: [] });
    for (const [name, state] of entries) {
      if (endsHere(state)) edges.push({ from: name, to: END, kind: 'end', labels: [] });
    }
  }
  return { states: entries.map(([name, state]) => toState(name, state, isInChild)), edges };
}

function toState(name: string, state: StateDefinition, isInChild: boolean): GraphState {
  return {
    name,
    type: state.Type,
    comment: state.Comment,
    retriers: state.Retry?.length ?? 0,
    catchers: state.Catch?.length ?? 0,
    isDistributed: isDistributed(state),
    isInChild,
    inner: innerDefinitions(state).map((inner) => toGraph(inner, true, isInChild || isDistributed(state))),
  };
}

function endsHere({ Type, Next }: StateDefinition): boolean {
  return Next === undefined && Type !== 'Choice';
}

function edgesOf(from: string, { Next, Choices = [], Default, Catch = [] }: StateDefinition): GraphEdge[] {
  const edges: GraphEdge[] = Next === undefined ? [] : [{ from, to: Next, kind: 'next', labels: [] }];
  edges.push(
    ...gather(
      from,
      'choice',
      Choices.map((rule) => [rule.Next, describeRule(rule)]),
    ),
  );
  if (Default !== undefined) edges.push({ from, to: Default, kind: 'default', labels: ['otherwise'] });
  const catches = Catch.flatMap(({ Next, ErrorEquals }) => ErrorEquals.map((error): [string, string] => [Next, error]));
  edges.push(...gather(from, 'catch', catches));
  return edges;
}

function gather(from: string, kind: EdgeKind, targets: readonly (readonly [to: string, label: string])[]): GraphEdge[] {
  const labels = new Map<string, string[]>();
  for (const [to, label] of targets) labels.set(to, [...new Set([...(labels.get(to) ?? []), label])]);
  return [...labels].map(([to, own]) => ({ from, to, kind, labels: own }));
}
