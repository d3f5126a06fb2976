import type { Retrier } from '../../asl/retry.ts';

/** The parts of an ASL document that are drawn. */
export interface Definition {
  readonly Comment?: string;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, StateDefinition>>;
}

export interface StateDefinition {
  readonly Type: string;
  readonly Comment?: string;
  readonly Resource?: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly ChoiceRule[];
  readonly Retry?: readonly (Retrier & { readonly Comment?: string })[];
  readonly Catch?: readonly Catcher[];
  readonly Branches?: readonly Definition[];
  readonly ItemProcessor?: MapProcessor;
  /** ItemProcessor's older name. */
  readonly Iterator?: MapProcessor;
}

export interface Catcher {
  readonly Comment?: string;
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
}

export interface ChoiceRule {
  readonly Comment?: string;
  readonly Next: string;
  readonly Condition?: string | boolean;
  readonly Variable?: string;
  readonly [operator: string]: unknown;
}

export interface MapProcessor extends Definition {
  readonly ProcessorConfig?: { readonly Mode?: string };
}

/** The definitions inside of a state: branches of a Parallel, the item processor of a Map. */
export function innerDefinitions(state: StateDefinition): readonly Definition[] {
  const processor = state.ItemProcessor ?? state.Iterator;
  return state.Branches ?? (processor ? [processor] : []);
}

/** Whether the children of a Map run as executions of their own, with histories of their own. */
export function isDistributed(state: StateDefinition): boolean {
  return (state.ItemProcessor ?? state.Iterator)?.ProcessorConfig?.Mode === 'DISTRIBUTED';
}

/** Every state by its name, those inside of others too: names are unique within a state machine. */
export function statesOf(definition: Definition): ReadonlyMap<string, StateDefinition> {
  const states = new Map<string, StateDefinition>();
  const add = ({ States }: Definition): void => {
    for (const [name, state] of Object.entries(States)) {
      states.set(name, state);
      innerDefinitions(state).forEach(add);
    }
  };
  add(definition);
  return states;
}

/** The ARNs of the Lambda functions that a state itself calls, without a version or alias. */
export function functionsOf(state: StateDefinition): readonly string[] {
  const { Branches: _, ItemProcessor, Iterator, ...own } = state;
  const arns = JSON.stringify(own).match(/(?<=")arn:[^:"]+:lambda:[^:"]*:[^:"]*:function:[^":]+/g) ?? [];
  return [...new Set(arns)];
}

/** A choice rule as a short text: its comment, its condition, or its comparison. */
export function describeRule(rule: ChoiceRule): string {
  const { Comment, Condition, Variable } = rule;
  if (Comment) return Comment;
  if (Condition !== undefined) return String(Condition).replace(/^\{%\s*|\s*%\}$/g, '');
  if (Variable === undefined) return Object.keys(rule).find((key) => ['And', 'Or', 'Not'].includes(key)) ?? '';
  const [operator, value] = Object.entries(rule).find(([key]) => !NOT_OPERATORS.has(key)) ?? [];
  return `${Variable} ${operator} ${JSON.stringify(value)}`;
}

const NOT_OPERATORS: ReadonlySet<string> = new Set(['Comment', 'Next', 'Variable', 'Assign', 'Output']);
