import { expect, test } from '@jest/globals';
import { findJsonProblem } from '../../../local/server/json-text.ts';

const VALUE = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

test.each<[string, string, number, number]>([
  ['nope', `Unrecognized token 'nope': was expecting ${VALUE}`, 1, 5],
  ['[1, truth]', `Unrecognized token 'truth': was expecting ${VALUE}`, 1, 10],
  ['{"a": }', `Unexpected character ('}' (code 125)): expected a valid value ${VALUE}`, 1, 8],
  ['{a: 1}', "Unexpected character ('a' (code 97)): was expecting double-quote to start field name", 1, 3],
  ['{"a": 1,}', "Unexpected character ('}' (code 125)): was expecting double-quote to start field name", 1, 10],
  ['{"a" 1}', "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value", 1, 7],
  ['{"a": 1 "b"}', "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries", 1, 10],
  ['[{"a": []} 2]', "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries", 1, 13],
  ['{"a":\n  1', 'Unexpected end-of-input', 2, 4],
  ['"abc', 'Unexpected end-of-input: was expecting closing quote for a string value', 1, 5],
  ['{} {}', "Unexpected character ('{' (code 123)): expected the end of the text", 1, 5],
  ['😀', `Unexpected character ('😀' (code 128512)): expected a valid value ${VALUE}`, 1, 3],
])('%s is no JSON', (text, message, line, column) => {
  expect(findJsonProblem(text)).toEqual({ message, line, column });
});

test.each([
  '{"a":[1,-2.5e3,{"b":null}],"":"\\u00e9"}',
  ' [] ',
  '"__proto__"',
  `${'['.repeat(5000)}${']'.repeat(5000)}`,
])('%s is JSON', (text) => {
  expect(findJsonProblem(text)).toBeUndefined();
});

test('a text that is open 100,000 levels deep is survived', () => {
  expect(findJsonProblem('['.repeat(100_000))).toMatchObject({ message: 'Unexpected end-of-input' });
});
