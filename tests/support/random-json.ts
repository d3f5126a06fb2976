import type { Json } from '../../local/asl/json.ts';
import { setKey } from '../../local/asl/json.ts';

/** Whole numbers from 0 up to, but not including, `below`: the same ones for the same seed. */
export type Draw = (below: number) => number;

/** A linear congruential generator (Numerical Recipes): good enough to vary tests. */
export function createDraw(seed: number): Draw {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

export function pick<T>(draw: Draw, from: readonly T[]): T {
  return from[draw(from.length)] as T;
}

/** A JSON value of some levels, whose objects have keys of the names given. */
export function randomJson(draw: Draw, names: readonly string[], scalars: readonly Json[], depth: number): Json {
  const kind = depth === 0 ? 0 : draw(4);
  if (kind === 0) return pick(draw, scalars);
  const values = Array.from({ length: draw(4) }, () => randomJson(draw, names, scalars, depth - 1));
  if (kind === 1) return values;
  const object: Record<string, Json> = {};
  for (const value of values) setKey(object, pick(draw, names), value);
  return object;
}
