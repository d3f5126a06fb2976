import { describe, expect, test } from '@jest/globals';
import type { Json } from '../../../local/asl/json.ts';
import { compilePattern } from '../../../local/events/pattern.ts';

const matches = (pattern: Json, event: Json): boolean => compilePattern(pattern)(event);

/** A pattern's array for the field `f`, values that it takes, and values that it does not. */
const OPERATORS: [name: string, members: Json[], taken: Json[], refused: Json[]][] = [
  ['a text', ['a'], ['a', ['b', 'a']], ['A', 'ab', '', null, [], ['b'], { a: 'a' }]],
  ['an empty text', [''], [''], [null, ' ']],
  ['a number', [5], [5, 5.0, [1, 5]], ['5', 5.1, null]],
  ['true, false and null', [true, null], [true, null], [false, 'true', 'null', 0, []]],
  ['one of several', ['a', 1, null], ['a', 1, null], ['b', 2, false]],
  ['exactly', [{ exactly: 'a' }], ['a'], ['b']],
  ['prefix', [{ prefix: 'us-' }], ['us-', 'us-east-1'], ['eu-us-', 'US-', 1, null]],
  ['prefix, ignoring case', [{ prefix: { 'equals-ignore-case': 'Us-' } }], ['us-east-1', 'US-'], ['eu', 1]],
  ['suffix', [{ suffix: '.png' }], ['a.png', '.png'], ['a.PNG', '.png.gz', 1]],
  ['suffix, ignoring case', [{ suffix: { 'equals-ignore-case': '.pNg' } }], ['a.png', 'A.PNG'], ['a.gif']],
  ['equals-ignore-case', [{ 'equals-ignore-case': 'aLiCe' }], ['ALICE', 'alice'], ['alice ', null]],
  ['exists', [{ exists: true }], ['a', '', 0, false, null, [1]], [[], {}, { a: 1 }]],
  ['not exists', [{ exists: false }], [[], {}, { a: 1 }], ['a', null, [1]]],
  ['not exists, or a value', ['a', { exists: false }], ['a', []], ['b']],
  ['anything-but a text', [{ 'anything-but': 'a' }], ['b', '', null, 1, ['a', 'b']], ['a', ['a'], []]],
  ['anything-but texts', [{ 'anything-but': ['a', 'b'] }], ['c', null], ['a', 'b', []]],
  ['anything-but a number', [{ 'anything-but': 100 }], [101, '100', null], [100]],
  ['anything-but numbers', [{ 'anything-but': [0, 200] }], [1], [0, 200]],
  ['anything-but prefix', [{ 'anything-but': { prefix: 'in' } }], ['out', 1, null], ['in', 'inside', []]],
  ['anything-but prefixes', [{ 'anything-but': { prefix: ['in', 'out'] } }], ['up'], ['inside', 'outside']],
  ['anything-but suffix', [{ 'anything-but': { suffix: '.png' } }], ['a.gif'], ['a.png']],
  ['anything-but suffixes', [{ 'anything-but': { suffix: ['.png', '.gif'] } }], ['a.jpg'], ['a.png', 'a.gif']],
  ['anything-but a wildcard', [{ 'anything-but': { wildcard: '*/lib/*' } }], ['/bin/a', 5], ['/usr/lib/a']],
  ['anything-but wildcards', [{ 'anything-but': { wildcard: ['*a', 'b*'] } }], ['c'], ['xa', 'bx']],
  ['anything-but, ignoring case', [{ 'anything-but': { 'equals-ignore-case': ['Init', 'b'] } }], ['c'], ['INIT', 'B']],
  ['wildcard', [{ wildcard: 'dir/*.png' }], ['dir/.png', 'dir/a/b.png'], ['dir.png', 'xdir/a.png', 'dir/a.pngx', 1]],
  ['wildcard that overlaps', [{ wildcard: 'aba*aba' }], ['abaaba', 'abaxaba'], ['aba', 'ababa']],
  ['wildcards', [{ wildcard: '*a*b*' }], ['ab', 'xaxbx'], ['ba', 'a']],
  ['wildcard alone', [{ wildcard: '*' }], ['', 'a'], [null]],
  ['an escaped wildcard', [{ wildcard: 'a\\*\\\\*' }], ['a*\\', 'a*\\b'], ['ab', 'a\\']],
  ['no wildcard', [{ wildcard: 'a' }], ['a'], ['ab']],
  ['numeric =', [{ numeric: ['=', 3.018e2] }], [301.8], [301, '301.8', null]],
  ['numeric <', [{ numeric: ['<', 10] }], [9.9, -1], [10]],
  ['numeric <=', [{ numeric: ['<=', 10] }], [10], [10.1]],
  ['numeric >', [{ numeric: ['>', 10] }], [10.1], [10, 'a']],
  ['numeric >=', [{ numeric: ['>=', 10] }], [10], [9]],
  ['numeric range', [{ numeric: ['>', 0, '<=', 5] }], [0.1, 5], [0, 5.1]],
  ['cidr', [{ cidr: '10.0.0.0/24' }], ['10.0.0.0', '10.0.0.255'], ['10.0.1.0', 'host', 10, '::ffff:10.0.0.1']],
  ['cidr of IPv6', [{ cidr: '2001:db8::/32' }], ['2001:db8::1', '2001:0DB8:0::'], ['2001:db9::1', '10.0.0.1']],
];

describe('a field', () => {
  test.each(OPERATORS)('%s', (_, members, taken, refused) => {
    const outcomes = [...taken, ...refused].map((f) => [f, matches({ f: members }, { f })]);
    expect(outcomes).toEqual([...taken.map((f) => [f, true]), ...refused.map((f) => [f, false])]);
  });

  test('that is not there matches exists: false only', () => {
    expect(matches({ f: [{ exists: false }] }, { g: 1 })).toBe(true);
    for (const member of [null, { 'anything-but': 'a' }, { exists: true }, { wildcard: '*' }]) {
      expect(matches({ f: [member] }, { g: 1 })).toBe(false);
    }
  });

  test('has names that differ by case', () => {
    expect(matches({ f: ['a'] }, { F: 'a' })).toBe(false);
  });
});

describe('fields', () => {
  test('must all match', () => {
    const pattern = { source: ['a'], detail: { state: ['on'], size: [{ numeric: ['>', 1] }] } };
    expect(matches(pattern, { source: 'a', detail: { state: 'on', size: 2, more: 1 } })).toBe(true);
    expect(matches(pattern, { source: 'a', detail: { state: 'on', size: 1 } })).toBe(false);
    expect(matches(pattern, { source: 'a', detail: 'on' })).toBe(false);
  });

  test('are named alike nested and with dots', () => {
    expect(matches({ detail: { 'state.status': ['on'] } }, { detail: { state: { status: 'on' } } })).toBe(true);
    expect(matches({ detail: { state: { status: ['on'] } } }, { detail: { 'state.status': 'on' } })).toBe(true);
  });

  const employees = [
    { first: 'Anna', last: 'Smith', tags: ['a'] },
    { first: 'Peter', last: 'Jones', tags: ['b', 'c'] },
  ];

  test.each<[object, boolean]>([
    [{ first: ['Anna'] }, true],
    [{ first: ['Anna'], last: ['Smith'] }, true],
    [{ first: ['Anna'], last: ['Jones'] }, false],
    [{ first: ['Peter'], tags: ['c'] }, true],
    [{ first: ['Anna'], tags: ['c'] }, false],
    [{ first: [{ exists: true }], last: ['Jones'], tags: ['b'] }, true],
  ])('of objects in an array match in one element: %j is %s', (pattern, expected) => {
    expect(matches({ employees: pattern as Json }, { employees })).toBe(expected);
    expect(matches({ employees: pattern as Json }, { employees: [employees] })).toBe(expected);
  });

  test('in arrays of their own do not hinder each other, however long these are', () => {
    const long = Array.from({ length: 2_000 }, () => 1);
    const pattern = { a: [1], b: [1], c: [1], d: [1], e: [2] };
    expect(matches(pattern, { a: long, b: long, c: long, d: long, e: 2 })).toBe(true);
    expect(matches(pattern, { a: long, b: long, c: long, d: long, e: 1 })).toBe(false);
  });
});

describe('$or', () => {
  const pattern = {
    source: ['s'],
    $or: [{ metric: ['cpu'] }, { type: ['t'], $or: [{ id: [1] }, { space: [2] }] }, { detail: { scope: ['x'] } }],
  };

  test.each<[object, boolean]>([
    [{ source: 's', metric: 'cpu' }, true],
    [{ source: 's', type: 't', id: 1 }, true],
    [{ source: 's', type: 't', space: 2 }, true],
    [{ source: 's', type: 't' }, false],
    [{ source: 's', space: 2 }, false],
    [{ source: 's', detail: { scope: 'x' } }, true],
    [{ metric: 'cpu' }, false],
  ])('%j: %s', (event, expected) => {
    expect(matches(pattern, event as Json)).toBe(expected);
  });

  test('two in a row must both hold', () => {
    const both = { $or: [{ a: [1] }, { b: [1] }], detail: { $or: [{ c: [1] }, { d: [1] }] } };
    expect(matches(both, { b: 1, detail: { d: 1 } })).toBe(true);
    expect(matches(both, { a: 1, detail: {} })).toBe(false);
  });
});

test.each<[Json, string]>([
  ['text', 'Filter is not an object'],
  [[1], 'Filter is not an object'],
  [{}, 'Empty objects are not allowed'],
  [{ f: {} }, 'Empty objects are not allowed'],
  [{ f: [] }, 'Empty arrays are not allowed'],
  [{ int: 42 }, '"int" must be an object or an array'],
  [{ string: 'my-value' }, '"string" must be an object or an array'],
  [{ f: [['a']] }, 'Match value must be String, number, true, false, or null'],
  [{ f: [{}] }, 'Match expression name not found'],
  [{ f: [{ EXISTS: true }] }, 'Unrecognized match type EXISTS'],
  [{ f: [{ constructor: 'a' }] }, 'Unrecognized match type constructor'],
  [{ f: [{ prefix: 'a', suffix: 'b' }] }, 'Only one key allowed in match expression'],
  [{ f: [{ exists: 'yes' }] }, 'exists match pattern must be either true or false.'],
  [{ f: [{ prefix: 123 }] }, 'prefix match pattern must be a string'],
  [{ f: [{ suffix: ['.png'] }] }, 'suffix match pattern must be a string'],
  [{ f: [{ 'equals-ignore-case': ['a'] }] }, 'equals-ignore-case match pattern must be a string'],
  [{ f: [{ wildcard: 123 }] }, 'wildcard match pattern must be a string'],
  [{ f: [{ wildcard: 'arn:aws:events:us-east-1:**' }] }, 'Consecutive wildcard characters at pos 26'],
  [{ f: [{ wildcard: 'a\\b' }] }, 'Invalid escape character at pos 2'],
  [{ f: [{ cidr: ['bad'] }] }, 'prefix match pattern must be a string'],
  [{ f: [{ cidr: '10.0.0.0' }] }, "Malformed CIDR, one '/' required"],
  [{ f: [{ cidr: 'xx.11.xx/8' }] }, 'Nonstandard IP address: xx.11.xx'],
  [{ f: [{ cidr: '10.0.0.0/x' }] }, 'Malformed CIDR, mask bits must be an integer'],
  [{ f: [{ cidr: '10.0.0.0/33' }] }, 'Malformed CIDR, mask bits must be between 0 and 32'],
  [{ f: [{ numeric: 5 }] }, 'Value of numeric must be an array.'],
  [{ f: [{ numeric: [] }] }, 'Invalid member in numeric match: ]'],
  [{ f: [{ numeric: ['!', 5] }] }, 'Unrecognized numeric range operator: !'],
  [{ f: [{ numeric: ['=', '5'] }] }, 'Value of equals must be numeric'],
  [{ f: [{ numeric: ['<', 5, '>', 1] }] }, 'Too many elements in numeric expression'],
  [{ f: [{ numeric: ['>', 0, '>', 0] }] }, 'Bad numeric range operator: >'],
  [{ f: [{ numeric: ['>', 0, '<'] }] }, 'Value of < must be numeric'],
  [{ f: [{ numeric: ['>', 0, 1] }] }, 'Bad value in numeric range: 1'],
  [{ f: [{ numeric: ['>', 0, '<', 1, 2] }] }, 'Too many terms in numeric range expression'],
  [{ f: [{ numeric: ['<', 6e9] }] }, 'Value must be between -5000000000 and 5000000000, inclusive'],
  [{ f: [{ 'anything-but': null }] }, 'Value of anything-but must be an array or single string/number value.'],
  [{ f: [{ 'anything-but': [null] }] }, 'Inside anything but list, start|null|boolean is not supported.'],
  [
    { f: [{ 'anything-but': [] }] },
    'Inside anything but list, either all values are number or string, mixed type is not supported',
  ],
  [
    { f: [{ 'anything-but': ['a', 1] }] },
    'Inside anything but list, either all values are number or string, mixed type is not supported',
  ],
  [{ f: [{ 'anything-but': {} }] }, 'Anything-But expression name not found'],
  [{ f: [{ 'anything-but': { numeric: ['=', 1] } }] }, 'Unsupported anything-but pattern: numeric'],
  [{ f: [{ 'anything-but': { prefix: 'a', suffix: 'b' } }] }, 'Only one key allowed in match expression'],
  [{ f: [{ 'anything-but': { prefix: '' } }] }, 'Null prefix/suffix not allowed'],
  [{ f: [{ 'anything-but': { suffix: [123, '.txt'] } }] }, 'prefix/suffix match pattern must be a string'],
  [
    { f: [{ 'anything-but': { prefix: { 'equals-ignore-case': 'file' } } }] },
    'Value of anything-but must be an array or single string/number value.',
  ],
  [{ f: [{ 'anything-but': { wildcard: [123, '*/dir/*'] } }] }, 'wildcard match pattern must be a string'],
  [
    { f: [{ 'anything-but': { 'equals-ignore-case': [123] } }] },
    'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
  ],
  [{ $or: { a: [1] } }, 'It must be an Array followed with $or.'],
  [{ $or: [{ a: [1] }] }, 'There must have at least 2 Objects in $or relationship.'],
  [{ $or: [{ a: [1] }, 1] }, 'Only JSON object is allowed in array of $or relationship.'],
  [{ $or: [{ prefix: ['a'] }, { b: [1] }] }, 'prefix is Ruler reserved fieldName which cannot be used inside $or.'],
  [
    Object.fromEntries(
      Array.from({ length: 4 }, (_, level) => [
        `f${level}`,
        { $or: Array.from({ length: 6 }, (_, branch) => ({ [`b${branch}`]: [1] })) },
      ]),
    ),
    '$or makes more than 1000 combinations of rules',
  ],
])('%j is refused: %s', (pattern, message) => {
  expect(() => compilePattern(pattern)).toThrow(message);
});
