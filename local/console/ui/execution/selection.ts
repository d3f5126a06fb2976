import type { Step } from '../../model/steps.ts';
import type { Selection } from '../../model/view.ts';
import { setParameters, useAddress } from '../router.ts';

/** What is looked at, as it stands in the address: a state, one of its entries, and items of Maps. */
export interface Selected {
  readonly state: string | undefined;
  readonly step: number | undefined;
  readonly items: Selection;
}

const ITEM = /^item\.(.+)$/s;

export function useSelected(): Selected {
  const { searchParams } = useAddress();
  const step = searchParams.get('step');
  const items = [...searchParams].flatMap(([name, value]): [string, number][] => {
    const [, map] = ITEM.exec(name) ?? [];
    return map !== undefined && /^\d+$/.test(value) ? [[map, Number(value)]] : [];
  });
  return {
    state: searchParams.get('state') ?? undefined,
    step: step === null ? undefined : Number(step),
    items: Object.fromEntries(items),
  };
}

/** Looks at a state; of several entries, at the last one. */
export function selectState(name: string | undefined): void {
  setParameters({ state: name, step: undefined });
}

/** Looks at one entry of a state, among the items where it is. */
export function selectStep(step: Step): void {
  const items: Record<string, string> = {};
  for (let at: Step | undefined = step; at?.parent; at = at.parent) {
    if (at.iteration !== undefined) items[`item.${at.parent.name}`] = String(at.iteration);
  }
  setParameters({ state: step.name, step: String(step.id), ...items });
}

/** Looks at one item of a Map, or at all. */
export function selectItem(map: string, index: number | undefined): void {
  setParameters({ [`item.${map}`]: index === undefined ? undefined : String(index), step: undefined });
}
