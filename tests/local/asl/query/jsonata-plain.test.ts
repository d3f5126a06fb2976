import { expect, test } from '@jest/globals';
import jsonata from 'jsonata';
import type { Json } from '../../../../local/asl/json.ts';
import { compilePlain, UNKNOWN } from '../../../../local/asl/query/jsonata/plain.ts';
import { createDraw, pick, randomJson } from '../../../support/random-json.ts';
import { createScope } from '../../../support/scope.ts';

const NAMES = ['a', 'a', 'a', 'b', '__proto__', 'length', 'sequence', '_jsonata_function'];
const SCALARS = [null, true, false, 0, -1.5, '', 'a', 1e300];

test('a plain path gives what jsonata gives, for random data and random paths', async () => {
  const draw = createDraw(20_261_124);
  const kinds = { nothing: 0, arrays: 0, values: 0 };
  for (let round = 0; round < 8000; round += 1) {
    const [input, x] = [randomJson(draw, NAMES, SCALARS, 5), randomJson(draw, NAMES, SCALARS, 5)];
    const root = pick(draw, ['$states.input', '$x']);
    const text = [root, ...Array.from({ length: draw(5) }, () => `\`${pick(draw, NAMES)}\``)].join('.');
    const expression = jsonata(text);
    const plain = compilePlain(expression.ast());
    const scope = createScope(input, { x });
    const found = plain?.(scope);
    const expected = await expression.evaluate(undefined, { states: scope.states, x });
    if (JSON.stringify(found) !== JSON.stringify(expected)) {
      throw new Error(`${text} of ${JSON.stringify({ input, x })} gave ${JSON.stringify({ found, expected })}`);
    }
    kinds[found === undefined ? 'nothing' : Array.isArray(found) ? 'arrays' : 'values'] += 1;
  }
  expect(Math.min(kinds.nothing, kinds.arrays, kinds.values)).toBeGreaterThan(500);
});

const OPERATORS = ['+', '-', '*', '/', '<', '<=', '>', '>=', '=', '!='];
const LITERALS = ['0', '1', '2.5', '-3', '1e308', '"a"', '""', '"b"', 'true', 'false', 'null'];
const VARIABLES = [0, 1, -0.5, 1e308, 'a', 'ab', true, null, [], [1], { a: 1 }];

test('an operator gives what jsonata gives, or leaves it to jsonata', async () => {
  const draw = createDraw(20_261_125);
  const kinds = { unknown: 0, numbers: 0, booleans: 0 };
  const operand = (depth: number): string => {
    if (depth > 0 && draw(3) === 0) return `${operand(depth - 1)} ${pick(draw, OPERATORS)} ${operand(depth - 1)}`;
    return pick(draw, [...LITERALS, '$x', '$states.input', '$states.input.a', '$missing']);
  };
  for (let round = 0; round < 8000; round += 1) {
    const text = `${operand(1)} ${pick(draw, OPERATORS)} ${operand(1)}`;
    const [input, x] = [pick<Json>(draw, VARIABLES), pick<Json>(draw, VARIABLES)];
    const scope = createScope(input, { x });
    const expression = jsonata(text);
    const found = compilePlain(expression.ast())?.(scope) ?? UNKNOWN;
    kinds[found === UNKNOWN ? 'unknown' : typeof found === 'number' ? 'numbers' : 'booleans'] += 1;
    if (found === UNKNOWN) continue;
    const expected = await expression.evaluate(undefined, { states: scope.states, x });
    if (!Object.is(found, expected)) {
      throw new Error(`${text} of ${JSON.stringify({ input, x })} gave ${JSON.stringify({ found, expected })}`);
    }
  }
  expect(Math.min(kinds.unknown, kinds.numbers, kinds.booleans)).toBeGreaterThan(200);
});

test.each<[string, unknown]>([
  ['"text"', 'text'],
  ['-1.5', -1.5],
  ['null', null],
  ['$states', { input: { a: [{ b: 1 }, { b: 2 }], n: 2 }, context: {} }],
  ['$states.input.a.b', [1, 2]],
  ['$x', 'x'],
  ['$states.input.n + 2 * $states.input.n + 1', 7],
  ['$states.input.n < 3', true],
  ['$x = "x"', true],
  ['$x + 1', UNKNOWN],
  ['$states.input.n / 0', UNKNOWN],
  ['$states.input.a = $states.input.a', UNKNOWN],
  ['$y', UNKNOWN],
  ['$sum.a', UNKNOWN],
])('%s needs no jsonata', (text, expected) => {
  expect(compilePlain(jsonata(text).ast())?.(createScope({ a: [{ b: 1 }, { b: 2 }], n: 2 }, { x: 'x' }))).toEqual(
    expected,
  );
});

test.each([
  '$states.input.a[0]',
  '$states.input.a & "b"',
  '$states.input.a in [1]',
  '($states.input.a = 1)[0]',
  '$states.input.a[]',
  '$states.input.*',
  '$states.input.a^(b)',
  '$states.input.a{b: c}',
  '$states.input.a#$i',
  '$states.input.$x',
  'a.b',
  '$',
  '$$.a',
  '"text"[0]',
  '$states.input.("a")',
])('%s does', (text) => {
  const plain = compilePlain(jsonata(text).ast());
  expect(plain ? plain(createScope({}, { x: {} })) : UNKNOWN).toBe(UNKNOWN);
});
