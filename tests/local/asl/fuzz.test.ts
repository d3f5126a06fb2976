import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { isObject, type Json, type JsonObject, setKey } from '../../../local/asl/json.ts';
import { InvalidDefinitionError } from '../../../local/asl/problem.ts';
import { createDraw, type Draw, pick, randomJson } from '../../support/random-json.ts';
import { runMachine } from '../../support/run.ts';

const DOCUMENTS = 1500;
const FOLDER = new URL('../../cases/', import.meta.url);
const CASES = readdirSync(FOLDER).map((file) => JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as JsonObject);
const DEFINITIONS = CASES.map(({ definition }) => definition as Json);

const SCALARS: readonly Json[] = [
  ...[null, true, 0, -1, 1.5, 1e308, 2 ** 53, '', 'S', 'Pass', 'Map', 'States.ALL', '\ud800', '__proto__'],
  ...['$', '$.a', '$$', '$..*', '$.a[?(@.b > 1)]', '$x', "States.Format('{}', $)", 'States.ArrayRange(1, 9, 2)'],
  ...['{% $states.input %}', '{% $states.context %}', '{% $x.a %}', '{% $sum %}', '{% [1..9] %}', '{% 1 + %}'],
  ...['{% $states.result.a[0] %}', '{% $states.input.* %}', '{% $error("e") %}', '2026-01-01T00:00:00Z'],
];
const NAMES = ['a', 'b', 'x', 'Type', 'Next', 'End', 'Output', 'Assign', 'Catch', 'Retry', 'Choices', '__proto__'];

/** A copy of a document in which a few values are others, from other documents or random. */
function mutate(draw: Draw, value: Json, chance: number): Json {
  if (draw(chance) === 0)
    return draw(3) === 0 ? partOf(draw, pick(draw, DEFINITIONS)) : randomJson(draw, NAMES, SCALARS, 3);
  if (Array.isArray(value)) return value.map((item) => mutate(draw, item, chance));
  if (!isObject(value)) return value;
  const copy: Record<string, Json> = {};
  for (const [name, field] of Object.entries(value)) {
    if (draw(chance) > 0) setKey(copy, name, mutate(draw, field, chance));
  }
  return copy;
}

function partOf(draw: Draw, value: Json): Json {
  if (typeof value !== 'object' || value === null || draw(4) === 0) return value;
  const children = Object.values(value);
  return children.length === 0 ? value : partOf(draw, pick(draw, children));
}

test('whatever the definition and the input are, it is refused or its execution ends', async () => {
  const draw = createDraw(4);
  const ends: Record<string, number> = {};
  for (let count = 0; count < DOCUMENTS; count += 1) {
    const definition = mutate(draw, pick(draw, DEFINITIONS), 40);
    const input = randomJson(draw, NAMES, SCALARS, 4);
    // What the tasks give is as random as the rest.
    const results = [randomJson(draw, NAMES, SCALARS, 3), input];
    const runTask = async () => JSON.stringify(pick(draw, results));
    const outcome = await runMachine(definition, input, runTask).then(
      ({ end }) => end,
      (error: unknown) => {
        if (error instanceof InvalidDefinitionError) return { status: 'refused' };
        throw new Error(`${JSON.stringify(definition)} threw`, { cause: error });
      },
    );
    ends[outcome.status] = (ends[outcome.status] ?? 0) + 1;
    const cause = 'cause' in outcome ? String(outcome.cause) : '';
    if (cause.startsWith('Internal error')) {
      throw new Error(`${JSON.stringify({ definition, input, results })} ended with ${cause}`);
    }
  }
  for (const status of ['refused', 'SUCCEEDED', 'FAILED']) expect(ends[status]).toBeGreaterThan(100);
}, 120_000);
