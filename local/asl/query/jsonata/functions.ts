import jsonata from 'jsonata';
import type { Json } from '../../json.ts';
import { createRandom, type Random } from '../../random.ts';
import { hash, partition, range } from '../functions.ts';
import { canonical } from '../jsonpath/compare.ts';
import { MAX_TEXT_LENGTH } from './meter.ts';

/**
 * Adds the functions that Step Functions adds to JSONata, but for those that depend on the execution, and takes away
 * $eval, which it does not have (developer guide, "JSONata functions provided by Step Functions"). $pad and $distinct
 * take the place of jsonata's own, which make any width and compare each item with each.
 */
export function registerFunctions(expression: jsonata.Expression): void {
  expression.registerFunction('partition', partition, '<an:a<a>>');
  expression.registerFunction('range', range, '<nnn:a<n>>');
  expression.registerFunction('hash', (value: unknown, algorithm: string) => hash(toText(value), algorithm), '<xs:s>');
  expression.registerFunction('parse', (text: string) => JSON.parse(text), '<s:x>');
  expression.registerFunction('pad', pad, '<s-ns?:s>');
  expression.registerFunction('distinct', distinct, '<x:x>');
  expression.assign('eval', undefined);
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function pad(text: string | undefined, width: number, fill?: string): string | undefined {
  if (text === undefined) return undefined;
  // Widths are of code points, not of UTF-16 units.
  const missing = Math.abs(Math.trunc(width)) - [...text].length;
  if (!(missing > 0)) return text;
  if (missing > MAX_TEXT_LENGTH) throw new RangeError(`$pad: the width ${width} is over ${MAX_TEXT_LENGTH}`);
  const filler = [...(fill || ' ')];
  const padding = Array.from({ length: missing }, (_, position) => filler[position % filler.length]).join('');
  return width > 0 ? text + padding : padding + text;
}

type Sequence = unknown[] & { readonly sequence?: boolean };

function distinct(this: jsonata.Focus, items: unknown): unknown {
  if (!Array.isArray(items) || items.length <= 1) return items;
  const seen = new Set<unknown>();
  const isNew = (item: unknown): boolean => {
    const { size } = seen;
    // A text of JSON is only the same as another one where both are of objects: texts themselves get quotes.
    const isText = typeof item === 'string' || (typeof item === 'object' && item !== null);
    return seen.add(isText ? canonical(item as Json) : item).size > size;
  };
  const found = items.filter(isNew);
  // Only of a sequence is one item the item itself.
  return (items as Sequence).sequence ? toSequence(this, found) : found;
}

function toSequence({ environment }: jsonata.Focus, items: unknown[]): unknown[] {
  const { base } = environment as jsonata.Environment & { readonly base: { createSequence(): unknown[] } };
  const sequence = base.createSequence();
  for (const item of items) sequence.push(item);
  return sequence;
}

/** $shuffle, which jsonata itself does with Math.random. */
export function shuffle(random: Random, items: unknown): unknown {
  if (!Array.isArray(items)) return items === undefined ? undefined : [items];
  const shuffled: unknown[] = [];
  for (const item of items) {
    const place = Math.floor(random.next() * (shuffled.length + 1));
    shuffled.push(shuffled[place]);
    shuffled[place] = item;
  }
  return shuffled;
}

/** $random: the same number for the same seed, the next one of the execution without. */
export function drawRandom(source: Random, seed?: number): number {
  return (seed === undefined ? source : createRandom(`$random ${seed}`)).next();
}

const FROM_MILLIS = jsonata('$fromMillis($millis, $picture, $timezone)');

/** $now, which jsonata itself binds to the real clock. */
export function formatNow(millis: number, picture?: string, timezone?: string): Promise<string> {
  return FROM_MILLIS.evaluate(undefined, { millis, picture, timezone });
}
