import jsonata from 'jsonata';
import { createRandom, type Random } from '../../random.ts';
import { hash, partition, range } from '../functions.ts';

/**
 * Adds the functions that Step Functions adds to JSONata, but for those that depend on the execution, and takes away
 * $eval, which it does not have (developer guide, "JSONata functions provided by Step Functions").
 */
export function registerFunctions(expression: jsonata.Expression): void {
  expression.registerFunction('partition', partition, '<an:a<a>>');
  expression.registerFunction('range', range, '<nnn:a<n>>');
  expression.registerFunction('hash', (value: unknown, algorithm: string) => hash(toText(value), algorithm), '<xs:s>');
  expression.registerFunction('parse', (text: string) => JSON.parse(text), '<s:x>');
  expression.assign('eval', undefined);
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
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
