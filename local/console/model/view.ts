import { END, START } from './graph.ts';
import type { Run, Step, StepStatus } from './steps.ts';

/** Which item of each Map is looked at, by the Map's name; of the others all items count. */
export type Selection = Readonly<Record<string, number>>;

/** How the states of an execution stand. */
export interface View {
  readonly states: ReadonlyMap<string, StateView>;
  /** The arrows that were taken, as `edgeKey` names them, and how often. */
  readonly taken: ReadonlyMap<string, number>;
}

export interface StateView {
  /** Of the latest entry, or, over several items of a Map, the one that most needs to be looked at. */
  readonly status: StepStatus;
  /** How many entries are in each status. */
  readonly counts: Readonly<Partial<Record<StepStatus, number>>>;
  /** In the order in which they were entered. */
  readonly steps: readonly Step[];
  /** Attempts beyond the first, of all entries. */
  readonly retries: number;
}

/** The statuses from the one that most needs to be looked at. */
const URGENCY: readonly StepStatus[] = ['failed', 'timedOut', 'running', 'aborted', 'caught', 'succeeded'];

export function viewOf({ steps }: Run, selection: Selection, isEnded: boolean): View {
  const shown = steps.filter((step) => isSelected(step, selection));
  const byName = new Map<string, Step[]>();
  const taken = new Map<string, number>();
  const take = (from: string, to: string, isCatch = false): void => {
    const key = edgeKey(from, to, isCatch);
    taken.set(key, (taken.get(key) ?? 0) + 1);
  };
  for (const step of shown) {
    const own = byName.get(step.name);
    if (own) own.push(step);
    else byName.set(step.name, [step]);
    if (step.previous) take(step.previous.name, step.name, step.previous.status === 'caught');
    else if (!step.parent) take(START, step.name);
    if (!step.parent && !step.next && isEnded && step.exitedAt !== undefined) take(step.name, END);
  }
  return { states: new Map([...byName].map(([name, own]) => [name, viewState(own, selection)])), taken };
}

function viewState(steps: readonly Step[], selection: Selection): StateView {
  const counts: Partial<Record<StepStatus, number>> = {};
  for (const { status } of steps) counts[status] = (counts[status] ?? 0) + 1;
  const last = steps[steps.length - 1] as Step;
  const isOfMany = mapsAround(last).some((map) => selection[map.name] === undefined);
  const status = isOfMany ? (URGENCY.find((candidate) => counts[candidate]) ?? last.status) : last.status;
  return { status, counts, steps, retries: steps.reduce((sum, step) => sum + retriesOf(step), 0) };
}

/** Attempts of a step that followed from a failed one, redrives apart. */
function retriesOf({ attempts }: Step): number {
  return attempts.filter(({ redrive }, index) => index > 0 && attempts[index - 1]?.redrive === redrive).length;
}

/** What Step Functions bills a STANDARD execution for: its start, each state entered, each retry. */
export function countTransitions({ steps }: Run): number {
  return steps.reduce((sum, step) => sum + 1 + retriesOf(step), 1);
}

/** Whether a step belongs to the items that are looked at. */
export function isSelected(step: Step, selection: Selection): boolean {
  for (let at: Step | undefined = step; at?.parent; at = at.parent) {
    const chosen = selection[at.parent.name];
    if (at.iteration !== undefined && chosen !== undefined && chosen !== at.iteration) return false;
  }
  return true;
}

/** The Map entries that a step is inside of, the innermost first. */
function mapsAround(step: Step): Step[] {
  const maps: Step[] = [];
  for (let at: Step | undefined = step; at?.parent; at = at.parent)
    if (at.iteration !== undefined) maps.push(at.parent);
  return maps;
}

/** An arrow by the states that it joins; one for a Catch is another than one for going on. */
export function edgeKey(from: string, to: string, isCatch: boolean): string {
  return `${from}\u0001${to}\u0001${isCatch ? 'catch' : ''}`;
}
