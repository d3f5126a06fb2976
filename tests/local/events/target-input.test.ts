import { expect, test } from '@jest/globals';
import type { Event } from '../../../local/events/event.ts';
import {
  buildInput,
  checkInputPath,
  type InputTransformer,
  undefinedPlaceholders,
} from '../../../local/events/target-input.ts';

const EVENT: Event = {
  version: '0',
  id: '7bf73129-1428-4cd3-a780-95db273d1602',
  'detail-type': 'Sent',
  source: 'app',
  account: '123456789012',
  time: '2026-11-24T12:00:00Z',
  region: 'us-east-1',
  resources: ['arn:a', 'arn:b'],
  detail: { text: 'says "hi"\n', count: 2, deep: { on: true, none: null }, list: [{ id: 1 }, { id: 2 }] },
};
const DELIVERY = {
  ruleArn: 'arn:aws:events:us-east-1:123456789012:rule/bus/rule',
  ruleName: 'rule',
  ingestionTime: '2026-11-24T12:00:01Z',
};

test('a target gets the whole event, a constant, or what a path finds', () => {
  expect(buildInput({}, EVENT, DELIVERY)).toBe(JSON.stringify(EVENT));
  expect(buildInput({ Input: '{"a":1}' }, EVENT, DELIVERY)).toBe('{"a":1}');
  expect(buildInput({ InputPath: '$.detail.deep' }, EVENT, DELIVERY)).toBe('{"on":true,"none":null}');
  expect(buildInput({ InputPath: '$.detail-type' }, EVENT, DELIVERY)).toBe('"Sent"');
  expect(buildInput({ InputPath: '$.resources[1]' }, EVENT, DELIVERY)).toBe('"arn:b"');
  expect(buildInput({ InputPath: '$.nothing' }, EVENT, DELIVERY)).toBe('null');
});

const PATHS = {
  type: '$.detail-type',
  text: '$.detail.text',
  count: '$.detail.count',
  deep: '$.detail.deep',
  ids: '$.detail.list[*].id',
  none: '$.detail.deep.none',
  'not-there': '$.detail.not.there',
};

test.each<[why: string, template: string, expected: string]>([
  [
    'values outside of quotes',
    '{"a": <type>, "b": <count>, "c": <deep>, "d": <none>}',
    '{"a": "Sent", "b": 2, "c": {"on":true,"none":null}, "d": null}',
  ],
  ['texts inside of quotes', '{"a": "<type> at <count>: <text>"}', String.raw`{"a": "Sent at 2: says \"hi\"\n"}`],
  ['an object inside of quotes', '"got <deep>"', String.raw`"got {\"on\":true,\"none\":null}"`],
  ['escaped quotes around', String.raw`"is \"<type>\""`, String.raw`"is \"Sent\""`],
  ['an array of what a wildcard finds', '{"ids": <ids>}', '{"ids": [1,2]}'],
  ['nothing found, as recorded', '{"a": <not-there>, "b": "x <not-there>"}', '{"a": "", "b": "x "}'],
  ['a template that is one value', '<deep>', '{"on":true,"none":null}'],
  ['brackets in a text, as recorded', '"{[/Check <type>"', '"{[/Check Sent"'],
  [
    'the rule and the time',
    '"<aws.events.rule-arn> <aws.events.rule-name> <aws.events.event.ingestion-time>"',
    '"arn:aws:events:us-east-1:123456789012:rule/bus/rule rule 2026-11-24T12:00:01Z"',
  ],
  [
    'the event without detail, as recorded, and with it',
    '{"a": <aws.events.event>, "b": <aws.events.event.json>}',
    `{"a": {"id":"${EVENT.id}","account":"123456789012","detailType":"Sent","time":"2026-11-24T12:00:00Z","source":"app","region":"us-east-1","resources":["arn:a","arn:b"],"version":"0"}, "b": ${JSON.stringify(EVENT)}}`,
  ],
  ['what is no placeholder', '"1 < 2 > 1, <>"', '"1 < 2 > 1, <>"'],
])('a template takes %s', (_, InputTemplate, expected) => {
  const transformer: InputTransformer = { InputPathsMap: PATHS, InputTemplate };
  expect(buildInput({ InputTransformer: transformer }, EVENT, DELIVERY)).toBe(expected);
  expect(undefinedPlaceholders(transformer)).toEqual([]);
});

test('placeholders that nothing defines are found', () => {
  const transformer = {
    InputPathsMap: { a: '$.detail' },
    InputTemplate: '{"a": <a>, "b": <b>, "c": "<aws.events.c>"}',
  };
  expect(undefinedPlaceholders(transformer)).toEqual(['b', 'aws.events.c']);
});

test.each(['detail', '$detail', '$$.Execution', '$.', '$[', ''])('%j is no path into an event', (path) => {
  expect(() => checkInputPath(path)).toThrow(SyntaxError);
});
