import type { Definition } from '../../statemachine/definition.ts';

interface Exit {
  Comment?: string;
  ErrorEquals?: string[];
  Next: string;
}

interface Retrier {
  ErrorEquals: string[];
  MaxAttempts: number;
  IntervalSeconds: number;
  BackoffRate?: number;
  JitterStrategy?: string;
}

interface State {
  Type: string;
  Next?: string;
  Default?: string;
  Choices?: Exit[];
  Catch?: Exit[];
  Retry?: Retrier[];
}

/** More error names than this on an arrow are replaced by the catcher's comment. */
const MOST_NAMES = 3;

/** Draws a definition as a Mermaid flowchart: dotted arrows are Catch, arrows back to their state are Retry. */
export function toMermaid(definition: Definition): string {
  const states = Object.entries(definition.States as unknown as Record<string, State>);
  const lines = states.flatMap(([name, state]) => [
    `  ${name}${shape(name, state.Type)}`,
    ...(state.Retry ?? []).filter(retries).map((retrier) => `  ${name} -->|"${describeRetry(retrier)}"| ${name}`),
    ...(state.Next ? [`  ${name} --> ${state.Next}`] : []),
    ...(state.Choices ?? []).map(({ Next }) => `  ${name} --> ${Next}`),
    ...(state.Default ? [`  ${name} -->|"otherwise"| ${state.Default}`] : []),
    ...groupByTarget(state.Catch ?? []).map(([target, label]) => `  ${name} -. "${label}" .-> ${target}`),
  ]);
  return ['flowchart TD', `  start((start)) --> ${definition['StartAt']}`, ...lines].join('\n');
}

function shape(name: string, type: string): string {
  if (type === 'Choice') return `{${name}}`;
  return type === 'Succeed' || type === 'Fail' ? `([${name}])` : `[${name}]`;
}

/** A retrier of no attempts keeps errors from those behind it. */
function retries({ MaxAttempts }: Retrier): boolean {
  return MaxAttempts > 0;
}

function describeRetry({ ErrorEquals, MaxAttempts, IntervalSeconds, BackoffRate, JitterStrategy }: Retrier): string {
  const names =
    ErrorEquals.length > MOST_NAMES ? `${ErrorEquals[0]} and ${ErrorEquals.length - 1} others` : ErrorEquals.join(', ');
  const pace = BackoffRate === 1 ? `${IntervalSeconds} s apart` : `${IntervalSeconds} s apart, times ${BackoffRate}`;
  return `Retry ${names}: ${MaxAttempts + 1} attempts, ${pace}${JitterStrategy === 'FULL' ? ', jitter' : ''}`;
}

function groupByTarget(catchers: Exit[]): [target: string, label: string][] {
  return [...new Set(catchers.map(({ Next }) => Next))].map((target) => {
    const group = catchers.filter(({ Next }) => Next === target);
    const names = group.flatMap(({ ErrorEquals = [] }) => ErrorEquals);
    const comment = group.find(({ Comment }) => Comment)?.Comment?.replace(/\.$/, '');
    return [target, `Catch: ${names.length > MOST_NAMES && comment ? comment : names.join(', ')}`];
  });
}
