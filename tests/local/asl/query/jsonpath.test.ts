import { describe, expect, test } from '@jest/globals';
import type { Json, JsonObject } from '../../../../local/asl/json.ts';
import { compileMachine } from '../../../../local/asl/machine.ts';
import { compileRule } from '../../../../local/asl/query/jsonpath/choice-rule.ts';
import { parsePath } from '../../../../local/asl/query/jsonpath/path-parser.ts';
import { select } from '../../../../local/asl/query/jsonpath/select.ts';
import { compilePattern } from '../../../../local/asl/query/jsonpath/string-pattern.ts';
import { runMachine } from '../../../support/run.ts';
import { createScope } from '../../../support/scope.ts';

/** Whether a choice rule without its Variable, `$.v`, holds for a value; the operand of a `...Path` is at `$.w`. */
async function holds(comparison: JsonObject, v: Json, w: Json = null): Promise<boolean> {
  const rule = compileRule({ Variable: '$.v', ...comparison }, 'Choices[0]');
  return rule.evaluate(createScope({ v, w }));
}

describe('a comparison', () => {
  test.each<[comparison: JsonObject, whenTrue: Json[], whenFalse: Json[]]>([
    [{ StringEquals: 'b' }, ['b'], ['a', 'B', ' b', 1, null, ['b']]],
    [{ StringLessThan: 'b' }, ['a', 'B', ''], ['b', 'c', 0, null]],
    [{ StringGreaterThan: 'b' }, ['c', 'bb'], ['b', 'B', 9]],
    [{ StringLessThanEquals: 'b' }, ['a', 'b'], ['c', null]],
    [{ StringGreaterThanEquals: 'b' }, ['b', 'c'], ['a', null]],
    [{ StringMatches: 'log-*.txt' }, ['log-.txt', 'log-1.2.txt'], ['log-1.txt2', 'xlog-1.txt', 'log.txt', 1]],
    [{ NumericEquals: 2 }, [2, 2.0], ['2', 2.1, null, true, [2]]],
    [{ NumericLessThan: 2 }, [1.9, -3], [2, '1', null]],
    [{ NumericGreaterThan: 2 }, [2.1], [2, '3']],
    [{ NumericLessThanEquals: 2 }, [2, 1], [3, null]],
    [{ NumericGreaterThanEquals: 2 }, [2, 3], [1, true]],
    [{ BooleanEquals: false }, [false], [true, 0, null, 'false']],
    [
      { TimestampEquals: '2026-11-24T12:00:00Z' },
      ['2026-11-24T12:00:00Z', '2026-11-24T13:00:00+01:00', '2026-11-24T12:00:00.000Z'],
      ['2026-11-24T12:00:01Z', '2026-11-24T12:00:00', 0],
    ],
    [{ TimestampLessThan: '2026-11-24T12:00:00Z' }, ['2026-11-24T12:30:00+01:00'], ['2026-11-24T12:00:00Z', 'early']],
    [{ TimestampGreaterThan: '2026-11-24T12:00:00Z' }, ['2026-11-24T12:00:00.001Z'], ['2026-11-24T12:00:00Z', null]],
    [{ TimestampLessThanEquals: '2026-11-24T12:00:00Z' }, ['2026-11-24T12:00:00Z'], ['2026-11-24T12:00:01Z']],
    [{ TimestampGreaterThanEquals: '2026-11-24T12:00:00Z' }, ['2026-11-24T12:00:00Z'], ['2026-11-24T11:59:59Z']],
    [{ IsPresent: true }, [null, 0, ''], []],
    [{ IsNull: true }, [null], [0, '', false, []]],
    [{ IsNull: false }, [0, {}], [null]],
    [{ IsString: true }, ['', '1'], [1, null, {}]],
    [{ IsNumeric: true }, [0, -1.5], ['0', null, true]],
    [{ IsBoolean: true }, [true, false], [0, 'true', null]],
    [
      { IsTimestamp: true },
      ['2026-11-24T12:00:00Z'],
      ['2026-11-24', '2026-11-24 12:00:00Z', '2026-13-24T12:00:00Z', 0],
    ],
    [{ IsTimestamp: false }, ['soon', 0], ['2026-11-24T12:00:00Z']],
  ])('%j', async (comparison, whenTrue, whenFalse) => {
    for (const value of whenTrue) expect([value, await holds(comparison, value)]).toEqual([value, true]);
    for (const value of whenFalse) expect([value, await holds(comparison, value)]).toEqual([value, false]);
  });

  test.each<[operator: string, v: Json, w: Json, expected: boolean]>([
    ['StringEqualsPath', 'a', 'a', true],
    ['StringLessThanPath', 'a', 1, false],
    ['StringGreaterThanPath', 'b', 'a', true],
    ['StringLessThanEqualsPath', 'a', 'a', true],
    ['StringGreaterThanEqualsPath', 'a', 'b', false],
    ['NumericEqualsPath', 1, 1, true],
    ['NumericLessThanPath', 1, '2', false],
    ['NumericGreaterThanPath', 2, 1, true],
    ['NumericLessThanEqualsPath', 1, 1, true],
    ['NumericGreaterThanEqualsPath', 1, 2, false],
    ['BooleanEqualsPath', true, true, true],
    ['BooleanEqualsPath', true, 1, false],
    ['TimestampEqualsPath', '2026-11-24T12:00:00Z', '2026-11-24T12:00:00Z', true],
    ['TimestampLessThanPath', '2026-11-24T12:00:00Z', 'later', false],
    ['TimestampGreaterThanPath', '2026-11-24T12:00:00Z', '2026-11-24T11:00:00Z', true],
    ['TimestampLessThanEqualsPath', '2026-11-24T12:00:00Z', '2026-11-24T11:00:00Z', false],
    ['TimestampGreaterThanEqualsPath', '2026-11-24T12:00:00Z', '2026-11-24T12:00:00Z', true],
  ])('%s of %j and %j', async (operator, v, w, expected) => {
    expect(await holds({ [operator]: '$.w' }, v, w)).toBe(expected);
  });
});

test.each<[pattern: string, matching: string[], others: string[]]>([
  ['', [''], ['a']],
  ['*', ['', 'anything\nat all'], []],
  ['a*b*c', ['abc', 'a-b-c', 'abcbc'], ['ab', 'acb', 'xabc']],
  ['a*a', ['aa', 'aba'], ['a']],
  ['*ab*ab', ['abab', 'xabyab'], ['ab', 'aab']],
  ['a\\*b', ['a*b'], ['ab', 'axb']],
  ['a\\\\*', ['a\\', 'a\\x'], ['ax']],
  ['.+(x)', ['.+(x)'], ['ab(x)']],
])('the pattern %j', (pattern, matching, others) => {
  const matches = compilePattern(pattern);
  expect(matching.filter((text) => !matches(text))).toEqual([]);
  expect(others.filter(matches)).toEqual([]);
});

test.each([
  '$.',
  '$..',
  '$[',
  '$.a[',
  '$.a[x]',
  '$.a b',
  "$['a",
  '$.a[1:2:3]',
  '$.a[?(@.b =~ /x/)]',
  '$.a[?(@.b]',
  '@.a',
  'a',
  '',
  '$.a.length().b',
])('the text %j is no path', (text) => {
  expect(() => parsePath(text)).toThrow(SyntaxError);
});

test('a path of many deep scans ends with an error', () => {
  let nested: Json = 1;
  for (let depth = 0; depth < 2_000; depth += 1) nested = [nested];
  expect(() => select(parsePath('$..*..*..*'), nested)).toThrow('The path visits more than 500000 nodes');
});

test.each([
  ['$.a[?(@ in $.b)]', 'many items with many'],
  ['$.a[?($.b == $.c)]', 'large values for many items'],
])('a filter that compares, as in %s, %s ends with an error', (text) => {
  const numbers = Array.from({ length: 40_000 }, (_, index) => index);
  const data = { a: numbers, b: numbers.map((number) => -1 - number), c: numbers.map((number) => -1 - number) };
  expect(() => select(parsePath(text), data)).toThrow('The path visits more than 500000 nodes');
});

test('__proto__ is a key like any other', async () => {
  const state = {
    Type: 'Pass',
    Parameters: { 'found.$': "$['__proto__'].a" },
    ResultPath: "$['__proto__'].b",
    End: true,
  };
  const { end } = await runMachine({ StartAt: 'S', States: { S: state } }, JSON.parse('{"__proto__":{"a":1}}'));
  expect(end).toEqual({ status: 'SUCCEEDED', output: '{"__proto__":{"a":1,"b":{"found":1}}}' });
});

describe('compileMachine refuses', () => {
  test.each<[what: string, value: string]>([
    ['groups', `$.a[?(${'('.repeat(200_000)}`],
    ['values', `$.a[?(@.b in ${'['.repeat(200_000)}`],
  ])('%s of a filter that are nested too deeply', (_, path) => {
    const definition = { StartAt: 'S', States: { S: { Type: 'Pass', Parameters: { 'a.$': path }, End: true } } };
    expect(() => compileMachine(definition)).toThrow('Maximum call stack size exceeded at /States/S');
  });

  const INVOKE = 'arn:aws:states:::lambda:invoke';
  const rule = 'must be a valid JSONPath or a valid intrinsic function call';
  test('JSONPath in a machine of JSONata', () => {
    const state = { QueryLanguage: 'JSONPath', Type: 'Succeed' };
    expect(() => compileMachine({ QueryLanguage: 'JSONata', StartAt: 'S', States: { S: state } })).toThrow(
      'A state of a JSONata state machine cannot be in JSONPath at /States/S',
    );
  });

  test.each<[what: string, state: JsonObject, message: string]>([
    ['a field of JSONata', { Type: 'Pass', Output: 1 }, "The field 'Output' is not supported in JSONPath"],
    [
      'a field of JSONPath in JSONata',
      { QueryLanguage: 'JSONata', Type: 'Pass', Parameters: {} },
      "The field 'Parameters' is not supported in JSONata",
    ],
    [
      'a field of JSONPath in a catcher of JSONata',
      {
        QueryLanguage: 'JSONata',
        Type: 'Task',
        Resource: INVOKE,
        Catch: [{ ErrorEquals: [], ResultPath: '$', Next: 'S' }],
      },
      "The field 'ResultPath' is not supported in JSONata",
    ],
    [
      'a path that does not parse',
      { Type: 'Pass', Parameters: { 'a.$': '$.b[' } },
      `The value for the field 'a.$' ${rule} (A name in quotes, an index, a slice, * or a filter is expected at character 5 of '$.b[')`,
    ],
    ['a value that is no path', { Type: 'Pass', Parameters: { 'a.$': 1 } }, `The value for the field 'a.$' ${rule}`],
    [
      'an intrinsic function that does not exist',
      { Type: 'Pass', Assign: { 'a.$': 'States.Nope()' } },
      `The value for the field 'a.$' ${rule} (The intrinsic function States.Nope does not exist at character 13 of 'States.Nope()')`,
    ],
    [
      'an escape in an intrinsic function that has no meaning',
      { Type: 'Pass', Parameters: { 'a.$': "States.Array('a\\nb')" } },
      `The value for the field 'a.$' ${rule} (An argument is expected at character 14 of 'States.Array('a\\nb')')`,
    ],
    [
      'a wrong number of arguments',
      { Type: 'Pass', Parameters: { 'a.$': 'States.UUID(1)' } },
      `The value for the field 'a.$' ${rule} (States.UUID does not take 1 arguments at character 15 of 'States.UUID(1)')`,
    ],
    [
      'a ResultPath that may name many places',
      { Type: 'Pass', ResultPath: '$.a[*]' },
      "The value for the field 'ResultPath' must be a valid Reference Path: $.a[*]",
    ],
    [
      'a fraction of a second',
      { Type: 'Wait', Seconds: 1.5 },
      "The value for the field 'Seconds' must be a non-negative integer",
    ],
    [
      'a time limit of nothing',
      { Type: 'Task', Resource: INVOKE, TimeoutSeconds: 0 },
      "The value for the field 'TimeoutSeconds' must be a positive integer",
    ],
    [
      'a time without a zone',
      { Type: 'Wait', Timestamp: '2026-11-24T12:00:00' },
      "The value for the field 'Timestamp' must be a valid ISO-8601 extended offset date-time format string",
    ],
    ['a Wait without a time', { Type: 'Wait' }, 'A Wait state needs Seconds or Timestamp'],
    [
      'a comparison that does not exist',
      { Type: 'Choice', Choices: [{ Variable: '$.a', NumericNear: 1, Next: 'S' }] },
      "The comparison 'NumericNear' of Choices[0] does not exist",
    ],
    [
      'an operand of the wrong type',
      { Type: 'Choice', Choices: [{ Variable: '$.a', NumericEquals: '1', Next: 'S' }] },
      'The value for the field \'NumericEquals\' must be a number, but was: "1"',
    ],
    [
      'a rule with two comparisons',
      { Type: 'Choice', Choices: [{ And: [{ Variable: '$.a', IsNull: true, IsString: true }], Next: 'S' }] },
      'The choice rule Choices[0]/And[0] must have one comparison, but has: IsNull, IsString',
    ],
    [
      'a rule of JSONata',
      { Type: 'Choice', Choices: [{ Condition: true, Next: 'S' }] },
      'The choice rule Choices[0] has no Variable',
    ],
  ])('%s', (_, state, message) => {
    const definition = { StartAt: 'S', States: { S: { ...state, ...(state['Type'] !== 'Choice' && { End: true }) } } };
    expect(() => compileMachine(definition)).toThrow(`${message} at /States/S`);
  });
});
