import { describe, expect, jest, test } from '@jest/globals';
import { compileMachine } from '../../../../local/asl/machine.ts';
import { runMachine } from '../../../support/run.ts';

// Half a million steps take a second alone, and more beside other tests.
jest.setTimeout(120_000);

const machine = (expression: string) => ({
  QueryLanguage: 'JSONata',
  StartAt: 'S',
  States: { S: { Type: 'Pass', Output: `{% (${expression}) %}`, End: true } },
});

/** The output, or what the expression is blamed for. */
async function evaluate(expression: string, input: unknown = {}): Promise<unknown> {
  const { end } = await runMachine(machine(expression), input);
  if (end.output !== undefined) return JSON.parse(end.output);
  expect(end.error).toBe('States.QueryEvaluationError');
  return end.cause?.split("specified for the field 'Output' ")[1];
}

const numbers = Array.from({ length: 30_000 }, (_, index) => index);
const text = 'a'.repeat(250_000);
const steps = 'threw an error during evaluation. The evaluation takes more than 500000 steps';
const sequence = /^threw an error during evaluation. D2015: The maximum sequence length of \d+ was exceeded.$/;

describe('an expression cannot hang or exhaust the process', () => {
  test.each<[string, string, unknown, unknown]>([
    ['comparing with each of many', '$map([1..100000], function($x) { $x in $states.input })', numbers, steps],
    [
      'comparing large values often',
      '$map([1..100000], function($x) { $states.input = $states.input })',
      numbers,
      steps,
    ],
    ['making a large text often', '$join($map([1..100000], function() { $states.input }))', text, steps],
    ['a global match that reads the rest each time', '$match($states.input, /a.*b|a/)', text, steps],
    [
      'an expression of many parts, each of which can be the next',
      '$contains($states.input, /(.*[a-z]){900}[A-Z]/)',
      text,
      steps,
    ],
    ['more values than fit into a state', '[1..1000000]', {}, sequence],
    [
      'a text that doubles',
      '$f := function($s, $n) { $n = 0 ? $s : $f($s & $s, $n - 1) }; $f("a", 40)',
      {},
      'threw an error during evaluation. A text is over 4194304 characters long',
    ],
    [
      'a value that holds itself twice, again and again',
      '$f := function($s, $n) { $n = 0 ? $s : $f([[$s], [$s]], $n - 1) }; $f([1], 30) = $f([1], 30)',
      {},
      'threw an error during evaluation. A value holds more than 4194304 values',
    ],
    [
      'a result that is small in memory only',
      '$f := function($s, $n) { $n = 0 ? $s : $f([[$s], [$s]], $n - 1) }; $f([1], 19)',
      {},
      'threw an error during evaluation. The result holds more than 1048576 values and characters',
    ],
    [
      'a width without end',
      '$pad("a", -1000000000)',
      {},
      'threw an error during evaluation. $pad: the width -1000000000 is over 4194304',
    ],
    [
      'a signature that takes its arguments in too many ways',
      '$f := function($a, $b, $c)<n+n+n+:n> { 1 }; $f(1, 2, 3)',
      {},
      'threw an error during evaluation. The signature <n+n+n+:n> has more than 2 parameters that repeat',
    ],
    [
      'a date whose parts can be told apart in too many ways',
      `$toMillis("${'1'.repeat(60)}x", "[Yw]1[Mw]1[Dw]1[Hw]1[mw]1[sw]")`,
      {},
      'threw an error during evaluation. $toMillis: the text is too long, or the parts of the picture too hard to tell apart',
    ],
  ])('%s', async (_, expression, input, expected) => {
    const outcome = await evaluate(expression, input);
    if (expected instanceof RegExp) expect(outcome).toMatch(expected);
    else expect(outcome).toBe(expected);
  });
});

const D3070 =
  'threw an error during evaluation. D3070: The single argument form of the sort function can only be applied to an array of strings or an array of numbers.  Use the second argument to specify a comparison function';

describe('within the limits an expression gives what jsonata gives', () => {
  test.each<[string, unknown, unknown]>([
    ['$contains("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", /^(a|aa)+$/)', {}, false],
    ['$count($distinct([1..100000]))', {}, 100_000],
    [
      '$distinct([1, "1", {"a": 1, "b": 2}, {"b": 2, "a": 1}, null, true, 1, [1], [1], null])',
      {},
      [1, '1', { a: 1, b: 2 }, null, true, [1]],
    ],
    ['$distinct($states.input.a)', [{ a: 1 }, { a: 1 }], 1],
    ['$distinct([1, 1])', {}, [1]],
    ['[$pad("é𝄞", 4, "xy"), $pad("a", -3), $pad("abc", 2)]', {}, ['é𝄞xy', '  a', 'abc']],
    ['$sort($shuffle([1..50])) = [1..50]', {}, true],
    ['$sort([3, 1, 2.5, -1])', {}, [-1, 1, 2.5, 3]],
    ['$sort(["b", "B", "a", "é"])', {}, ['B', 'a', 'b', 'é']],
    ['$sort($states.input, function($l, $r) { $l.n < $r.n }).n', [{ n: 1 }, { n: 3 }, { n: 2 }], [3, 2, 1]],
    ['$sort([1, "a"])', {}, D3070],
    ['($match := "mine"; $match)', {}, 'mine'],
    ['$match("abc", /[a-z]/, 2).match', {}, ['a', 'b']],
    ['$replace("a1b22", /\\d+/, function($m) { "<" & $m.match & ">" }, 1)', {}, 'a<1>b22'],
    ['$replace("abc", "b", "$0")', {}, 'a$0c'],
    ['$split("a1b22c", /\\d+/, 2)', {}, ['a', 'b']],
    [
      '$match("abc", /x*/)',
      {},
      'threw an error during evaluation. D1004: Regular expression matches zero length string',
    ],
    ['$toMillis("20260102T030405", "[Y0001][M01][D01]T[H01][m01][s01]")', {}, 1_767_323_045_000],
    ['$toMillis("11:30", "[H01]:[m01]")', {}, Date.UTC(2026, 10, 24, 11, 30)],
    ['$count($keys($states.input{ id: id }))', numbers.slice(0, 3000).map((id) => ({ id: `${id}` })), 3000],
    [
      '$match("ab12cd345", /([a-z]+)(\\d+)?/)',
      {},
      [
        { match: 'ab12', index: 0, groups: ['ab', '12'] },
        { match: 'cd345', index: 4, groups: ['cd', '345'] },
      ],
    ],
    ['$replace("John Smith", /(\\w+)\\s(\\w+)/, "$2, $1")', {}, 'Smith, John'],
    ['$split("a1b22c", /\\d+/)', {}, ['a', 'b', 'c']],
    ['[$contains("ABC", /b/i), $contains("a\\nb", /^b/), $contains("a\\nb", /^b/m)]', {}, [true, false, true]],
    ['$contains("a/b\\u00e9", /a\\/b\\u00e9$/)', {}, true],
  ])('%s', async (expression, input, expected) => {
    expect(await evaluate(expression, input)).toEqual(expected);
  });

  test('and $shuffle draws the same again when the execution is replayed', async () => {
    const first = await evaluate('$shuffle([1..20])');
    expect(await evaluate('$shuffle([1..20])')).toEqual(first);
  });
});

test.each([
  ['/a(?=b)/', 'invalid or unsupported Perl syntax: `(?=`'],
  ['/(a)\\1/', 'invalid escape sequence: `\\1`'],
])('a definition with %s, which takes backtracking, is refused', (pattern, why) => {
  expect(() => compileMachine(machine(`$contains("ab", ${pattern})`))).toThrow(
    `The regular expression ${pattern} is not supported: error parsing regexp: ${why}`,
  );
});

test('a text with a match at every character is replaced while others run', async () => {
  let turns = 0;
  const count = setInterval(() => {
    turns += 1;
  }, 1);
  expect(await evaluate('$length($replace($states.input, /[a-z]/, "bc"))', text.slice(0, 100_000))).toBe(200_000);
  clearInterval(count);
  expect(turns).toBeGreaterThan(3);
});

test('an endless expression ends, and lets others run until then', async () => {
  let turns = 0;
  const count = setInterval(() => {
    turns += 1;
  }, 1);
  expect(await evaluate('$f := function($n) { $f($n + 1) }; $f(0)')).toBe(steps);
  clearInterval(count);
  expect(turns).toBeGreaterThan(5);
}, 120_000);
