import type { Json, JsonObject } from '../asl/json.ts';

/** An event as rules and targets see it, its fields in the order that AWS writes them. */
export interface Event extends JsonObject {
  version: '0';
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  /** `2026-11-24T12:00:00Z`: whole seconds. */
  time: string;
  region: string;
  resources: string[];
  detail: JsonObject;
}

export type Scalar = string | number | boolean | null;

/** A value of an event that holds no others. */
export interface Leaf {
  readonly value: Scalar;
  /** The arrays that it lies in, each by a number of its own, with the position of the element. */
  readonly elements: ReadonlyMap<number, number>;
}

/**
 * The leaves of an event by the names that lead to them, joined by dots: "When Ruler compiles keys, it uses dot as the
 * joining character"; arrays add no name, and empty ones have no leaf (aws/event-ruler, README).
 */
export function leavesOf(event: Json): ReadonlyMap<string, readonly Leaf[]> {
  const leaves = new Map<string, Leaf[]>();
  let arrays = 0;
  const ahead: { value: Json; path: string; elements: ReadonlyMap<number, number> }[] = [
    { value: event, path: '', elements: new Map() },
  ];
  for (let node = ahead.pop(); node; node = ahead.pop()) {
    const { value, path, elements } = node;
    if (Array.isArray(value)) {
      arrays += 1;
      for (const [index, item] of value.entries()) {
        ahead.push({ value: item, path, elements: new Map(elements).set(arrays, index) });
      }
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        ahead.push({ value: item, path: path === '' ? key : `${path}.${key}`, elements });
      }
    } else {
      const found = leaves.get(path) ?? [];
      found.push({ value, elements });
      leaves.set(path, found);
    }
  }
  return leaves;
}
