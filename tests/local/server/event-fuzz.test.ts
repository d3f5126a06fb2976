import { expect, test } from '@jest/globals';
import { createRandom } from '../../../local/asl/random.ts';
import { EVENT_ACTIONS } from '../../../local/server/event-actions/index.ts';
import { ENTRY, PATTERN, startEventServer, TARGET } from './event-helpers.ts';
import { MACHINE, PASS, post } from './helpers.ts';

const REQUESTS_PER_ACTION = 60;

const EVENT = '{"id":"","account":"","source":"","time":"","region":"","resources":[],"detail-type":""}';
const rule = { Name: 'rule', EventBusName: 'default' };
const page = { Limit: 1, NextToken: null };

/** A request that each action can do something with; every fuzzed one is this with some fields changed. */
const REQUESTS: Record<string, object> = {
  CreateEventBus: { Name: 'new', Description: 'd' },
  DeleteEventBus: { Name: 'none' },
  DeleteRule: { Name: 'none', Force: true },
  DescribeEventBus: { Name: 'default' },
  DescribeRule: rule,
  DisableRule: rule,
  EnableRule: rule,
  ListEventBuses: { NamePrefix: 'd', ...page },
  ListRuleNamesByTarget: { TargetArn: MACHINE, EventBusName: 'default', ...page },
  ListRules: { NamePrefix: 'r', EventBusName: 'default', ...page },
  ListTargetsByRule: { Rule: 'rule', EventBusName: 'default', ...page },
  PutEvents: { Entries: [ENTRY], EndpointId: null },
  PutRule: {
    Name: 'other',
    EventPattern: PATTERN,
    State: 'ENABLED',
    Description: 'd',
    RoleArn: 'r',
    EventBusName: null,
  },
  PutTargets: { Rule: 'rule', EventBusName: 'default', Targets: [TARGET] },
  RemoveTargets: { Rule: 'rule', EventBusName: 'default', Ids: ['t'], Force: false },
  TestEventPattern: { EventPattern: PATTERN, Event: EVENT },
};

const VALUES: unknown[] = [
  ...[null, true, false, 0, -1, 1.5, 1e308, 1000, '', 'x', 'null', '{}', '[]', '{', '\ud800', '\u0000', 'default'],
  ...['a'.repeat(9000), MACHINE, 'rule', PATTERN, EVENT, 'DISABLED', Buffer.from('rule').toString('base64')],
  ...['{"a":[{"anything-but":{"wildcard":"*"}}]}', '{"$or":[{"a":[1]},{"b":[{"numeric":["<",1]}]}]}', '{"a":{"b":{}}}'],
  ...[
    [],
    {},
    [null],
    [[]],
    [{}],
    ['a', 'b'],
    { key: 'a' },
    [{ ...TARGET, Input: '{' }],
    [{ ...TARGET, Id: '__proto__' }],
  ],
  [{ ...TARGET, InputTransformer: { InputTemplate: '<a>', InputPathsMap: { a: '$.a', __proto__: null } } }],
  [{ ...TARGET, RetryPolicy: { MaximumRetryAttempts: 1e9 }, DeadLetterConfig: { Arn: 'x' } }],
  [
    { ...ENTRY, Time: 1e300 },
    { ...ENTRY, Time: -1 },
  ],
  [{ ...ENTRY, Detail: '{"__proto__":{"a":[[],{}]}}', EventBusName: 'none' }],
];

test('every action of EventBridge is fuzzed', () => {
  expect(Object.keys(REQUESTS)).toEqual(Object.keys(EVENT_ACTIONS));
});

test.each(Object.entries(REQUESTS))('%s answers or refuses whatever it gets', async (action, request) => {
  const { url, create, putRule } = await startEventServer();
  await create(PASS);
  await putRule();
  const random = createRandom(`fuzz ${action}`);
  const pick = (count: number): number => Math.floor(random.next() * count);
  let answered = 0;
  for (let count = 0; count < REQUESTS_PER_ACTION; count += 1) {
    const changed = Object.entries(request).map(([name, value]) => [
      name,
      pick(4) > 0 ? value : VALUES[pick(VALUES.length)],
    ]);
    const body = JSON.stringify(Object.fromEntries(changed));
    const [status, answer] = await post(url, `AWSEvents.${action}`, body);
    if (status === 200) answered += 1;
    expect([body, status, answer]).toEqual([
      body,
      status === 200 ? 200 : 400,
      status === 200 ? expect.any(Object) : { __type: expect.any(String), message: expect.any(String) },
    ]);
  }
  expect(answered).toBeGreaterThan(0);
});
