import type { Iteration, Outcome, Run, Step } from './steps.ts';
import { isSelected, type Selection } from './view.ts';

/** The items of a Map, by how they stand. */
export interface MapItems {
  readonly step: Step;
  readonly iterations: readonly Iteration[];
  readonly counts: Readonly<Partial<Record<Outcome, number>>>;
  /** How many have not begun. */
  readonly pending: number;
}

/** The Maps that were entered, each with the items of its last entry among those that are looked at. */
export function mapItems({ steps }: Run, selection: Selection): MapItems[] {
  const last = new Map<string, Step>();
  for (const step of steps) if (step.iterations && isSelected(step, selection)) last.set(step.name, step);
  return [...last.values()].map((step) => {
    const iterations = (step.iterations ?? []).filter(Boolean);
    const counts: Partial<Record<Outcome, number>> = {};
    for (const { outcome } of iterations) counts[outcome] = (counts[outcome] ?? 0) + 1;
    return { step, iterations, counts, pending: Math.max(0, (step.items ?? 0) - iterations.length) };
  });
}
