import { describe, expect, test } from '@jest/globals';
import { adviseOn } from '../../../../local/console/model/advice.ts';
import { executionUrl, functionUrl, logGroupUrl } from '../../../../local/console/model/aws-console.ts';
import { readCause } from '../../../../local/console/model/cause.ts';
import { functionsOf } from '../../../../local/console/model/definition.ts';
import { readFacts } from '../../../../local/console/model/facts.ts';
import { count, formatDuration, formatRate, formatTick } from '../../../../local/console/model/format.ts';
import { diffJson } from '../../../../local/console/model/json-diff.ts';
import { searchJson } from '../../../../local/console/model/json-search.ts';
import { showInvisible } from '../../../../local/console/model/json-text.ts';
import { scaleMarks } from '../../../../local/console/model/timeline.ts';

const LAMBDA = { errorType: 'Broken', errorMessage: 'It <b>broke</b>', trace: ['Broken: It broke', '    at a.js:1'] };

test.each<[string | undefined, ReturnType<typeof readCause>]>([
  [undefined, { message: '', trace: [] }],
  ['Plain words', { message: 'Plain words', trace: [] }],
  [JSON.stringify(LAMBDA), { message: 'It <b>broke</b>', trace: LAMBDA.trace }],
  ['{"errorMessage":"Oh","stackTrace":["a","b"]}', { message: 'Oh', trace: ['a', 'b'] }],
  ['{"errorType":"E","errorMessage":"Cut off he', { message: 'Cut off he…', trace: [] }],
  ['{"errorType":"E","errorMessage":"Whole","trace":["a', { message: 'Whole', trace: [] }],
  ['{"errorMessage":"Half an escape \\u00', { message: 'Half an escape …', trace: [] }],
  ['{broken', { message: '{broken', trace: [] }],
  ['[1]', { message: '', trace: [], details: [1] }],
  [
    '{"Error":"E","Cause":"Inner","Status":"FAILED"}',
    { message: 'E: Inner', trace: [], details: { Error: 'E', Cause: 'Inner', Status: 'FAILED' } },
  ],
  [
    JSON.stringify({ Error: 'E', Cause: JSON.stringify(LAMBDA) }),
    { message: 'E: It <b>broke</b>', trace: LAMBDA.trace, details: { Error: 'E', Cause: JSON.stringify(LAMBDA) } },
  ],
])('the cause %s', (cause, expected) => {
  expect(readCause(cause)).toEqual(expected);
});

test.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [1000, '1 s'],
  [2057, '2.05 s'],
  [59_999, '59.99 s'],
  [60_000, '1 min'],
  [65_400, '1 min 5 s'],
  [7_380_000, '2 h 3 min'],
])('%d ms is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [300, 231, '1,300 a second'],
  [3, 1600, '1.9 a second'],
  [1, 5000, '12 a minute'],
])('%d in %d ms is %s', (number, ms, text) => {
  expect(formatRate(number, ms)).toBe(text);
});

test('a scale is marked as finely as it is long', () => {
  const at = new Date(2026, 10, 25, 2, 38, 17, 5).getTime();
  expect([1000, 60_000, 3_600_000].map((length) => formatTick(at, length))).toEqual([
    '02:38:17.005',
    '02:38:17',
    '11-25 02:38',
  ]);
});

test('what cannot be seen in a text is escaped, but for the joiners of emoji', () => {
  expect(showInvisible('"a\u202eb\u200bc\u2028"')).toBe('"a\\u202eb\\u200bc\\u2028"');
  expect(showInvisible('"👨‍👩‍👧 é"')).toBe('"👨‍👩‍👧 é"');
});

test('things are counted in words', () => {
  expect([count(1, 'retry', 'retries'), count(2, 'retry', 'retries'), count(6000, 'item')]).toEqual([
    '1 retry',
    '2 retries',
    '6,000 items',
  ]);
});

test.each([
  [1000, 4, [0, 500, 1000]],
  [1234, 6, [0, 500, 1000]],
  [5, 6, [0, 1, 2, 3, 4, 5]],
  [3_600_000, 6, [0, 1_000_000, 2_000_000, 3_000_000]],
])('a scale of %d ms with %d marks', (length, most, marks) => {
  expect(scaleMarks(length, most)).toEqual(marks);
});

describe('the difference of', () => {
  test.each<[unknown, unknown, ReturnType<typeof diffJson>]>([
    [{ a: 1 }, { a: 1 }, []],
    [1, 2, [{ path: '', kind: 'changed', before: 1, after: 2 }]],
    [
      { a: 1, b: { c: [1, 2] } },
      { b: { c: [1, 3, 4] }, d: null },
      [
        { path: '/a', kind: 'removed', before: 1 },
        { path: '/b/c/1', kind: 'changed', before: 2, after: 3 },
        { path: '/b/c/2', kind: 'added', after: 4 },
        { path: '/d', kind: 'added', after: null },
      ],
    ],
    [{ a: [] }, { a: {} }, [{ path: '/a', kind: 'changed', before: [], after: {} }]],
    [{ 'a/b~': 1 }, { 'a/b~': 2 }, [{ path: '/a~1b~0', kind: 'changed', before: 1, after: 2 }]],
  ])('%j and %j', (before, after, expected) => {
    expect(diffJson(before, after)).toEqual(expected);
  });
});

test('a search finds names and values, whatever their case, and what is around them', () => {
  const value = { prompt: 'Tell me', list: [{ Text: 'a PROMPT' }, 3] };
  const { matches, around } = searchJson(value, 'prompt');
  expect([[...matches], [...around]]).toEqual([
    ['/prompt', '/list/0/Text'],
    ['', '/list', '/list/0'],
  ]);
  expect(searchJson(value, '').matches.size).toBe(0);
});

test('facts are read from an output, and left out where it has none', () => {
  const facts = [
    { label: 'Model', path: 'modelId' },
    { label: 'Tokens', path: 'usage.total' },
    { label: 'Cost', path: 'cost', unit: 'usd' as const },
    { label: 'Nested', path: 'usage' },
    { label: 'None', path: 'constructor.name' },
  ];
  expect(readFacts('{"modelId":"m","usage":{"total":3},"cost":0.5}', facts)).toEqual([
    { label: 'Model', text: 'm' },
    { label: 'Tokens', text: '3' },
    { label: 'Cost', text: '$0.5' },
  ]);
  expect(readFacts('no JSON', facts)).toEqual([]);
});

test('advice comes from whoever serves the console first, then from what AWS documents', () => {
  const given = [{ errors: ['States.Timeout', 'My.*'], action: 'Ask for less' }];
  expect([
    adviseOn('States.Timeout', given),
    adviseOn('My.Own', given),
    adviseOn('MyOwn', given),
    adviseOn(undefined, given),
  ]).toEqual(['Ask for less', 'Ask for less', undefined, undefined]);
  expect(adviseOn('States.Timeout', [])).toBe(
    'It took longer than TimeoutSeconds, or sent no heartbeat for HeartbeatSeconds.',
  );
});

test('a state knows the functions that it calls itself', () => {
  const arn = (name: string) => `arn:aws:lambda:eu-west-1:123456789012:function:${name}`;
  const inner = { StartAt: 'I', States: { I: { Type: 'Task', Resource: arn('inner') } } };
  expect(functionsOf({ Type: 'Map', ItemProcessor: inner, Resource: arn('own:live') })).toEqual([arn('own')]);
  const invoke = { FunctionName: arn('a'), Payload: { other: arn('a') } };
  expect(functionsOf({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', ...{ Arguments: invoke } })).toEqual([
    arn('a'),
  ]);
  expect(functionsOf({ Type: 'Pass' })).toEqual([]);
});

test('what an ARN names is found in the AWS console of its partition and Region', () => {
  const execution = 'arn:aws:states:eu-west-1:123456789012:execution:pipeline:one';
  expect(executionUrl(execution)).toBe(
    `https://console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/${execution}`,
  );
  expect(functionUrl('arn:aws-cn:lambda:cn-north-1:123456789012:function:ask')).toBe(
    'https://console.amazonaws.cn/lambda/home?region=cn-north-1#/functions/ask',
  );
  expect(logGroupUrl('arn:aws-us-gov:states:us-gov-west-1:1:execution:a:b', '/aws/lambda/ask')).toBe(
    'https://console.amazonaws-us-gov.com/cloudwatch/home?region=us-gov-west-1#logsV2:log-groups/log-group/$252Faws$252Flambda$252Fask',
  );
});
