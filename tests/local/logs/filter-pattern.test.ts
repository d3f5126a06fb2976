import { expect, test } from '@jest/globals';
import { readFilterPattern } from '../../../local/logs/filter-pattern.ts';

const FIELDS = { event: 'response', level: 'INFO', usage: { inputTokens: 5 }, executionId: 'arn:aws:states:a:b "c"' };

test.each<[string, boolean]>([
  ['{ $.event = "response" }', true],
  ['{$.event="response"}', true],
  ['{ $.event = response }', true],
  ['{ $.event = "pipeline_failed" }', false],
  ['{ $.event = "pipeline_failed" || $.event = "response" }', true],
  ['{ $.event = "response" && $.level = "ERROR" }', false],
  ['{ $.level = "ERROR" && $.event = "x" || $.event = "response" }', true],
  ['{ $.level = "ERROR" && ($.event = "x" || $.event = "response") }', false],
  ['{ $.level != "ERROR" }', true],
  ['{ $.usage.inputTokens = 5 }', true],
  ['{ $.usage.none.deeper = 5 }', false],
  ['{ $.executionId = "arn:aws:states:a:b \\"c\\"" }', true],
])('%s', (pattern, expected) => {
  expect(readFilterPattern(pattern)(FIELDS)).toBe(expected);
});

test.each(['ERROR', '{ }', '{ $.event }', '{ $.event = "a" ', '{ $.event = "a" "b" }', '{ ($.a = 1 }', '{ $.a > 1 }'])(
  '%s is refused',
  (pattern) => {
    expect(() => readFilterPattern(pattern)).toThrow(
      `The filter pattern ${JSON.stringify(pattern)} is not known here, allowed is one like { $.event = "response" && $.level != "ERROR" }`,
    );
  },
);
