import { describe, expect, test } from '@jest/globals';
import { ENTRY, EVENTS, PATTERN, startEventServer, TARGET } from './event-helpers.ts';
import { answer, MACHINE, refusal } from './helpers.ts';

describe('event buses', () => {
  test('are created, described, listed by name and deleted', async () => {
    const { events } = await startEventServer();
    const created = await answer(events.createEventBus({ Name: 'orders', Description: 'of the shop' }));
    expect(created).toEqual({ EventBusArn: `${EVENTS}:event-bus/orders`, Description: 'of the shop' });
    const date = new Date('2026-11-24T12:00:00Z');
    const orders = {
      Name: 'orders',
      Arn: `${EVENTS}:event-bus/orders`,
      Description: 'of the shop',
      CreationTime: date,
      LastModifiedTime: date,
    };
    expect(await answer(events.describeEventBus({ Name: 'orders' }))).toEqual(orders);
    expect(await answer(events.describeEventBus({ Name: `${EVENTS}:event-bus/orders` }))).toEqual(orders);
    const standard = { Name: 'default', Arn: `${EVENTS}:event-bus/default` };
    expect(await answer(events.describeEventBus({}))).toEqual(standard);
    expect(await answer(events.listEventBuses({}))).toEqual({ EventBuses: [standard, orders] });
    expect(await answer(events.listEventBuses({ NamePrefix: 'ord' }))).toEqual({ EventBuses: [orders] });
    await events.deleteEventBus({ Name: 'orders' });
    await events.deleteEventBus({ Name: 'orders' });
    expect(await answer(events.listEventBuses({}))).toEqual({ EventBuses: [standard] });
  });

  test('are listed in pages', async () => {
    const { events } = await startEventServer();
    for (const Name of ['c', 'a', 'b']) await events.createEventBus({ Name });
    const first = await events.listEventBuses({ Limit: 2 });
    expect(first.EventBuses?.map(({ Name }) => Name)).toEqual(['a', 'b']);
    const second = await events.listEventBuses({ Limit: 2, NextToken: first.NextToken });
    expect([second.EventBuses?.map(({ Name }) => Name), second.NextToken]).toEqual([['c', 'default'], undefined]);
    expect(await refusal(events.listEventBuses({ NextToken: 'none' }))).toBe(
      'ValidationException: Parameter NextToken is not valid.',
    );
  });

  test('are refused in words that AWS has', async () => {
    const { events, putRule } = await startEventServer();
    await events.createEventBus({ Name: 'orders' });
    await putRule([], { EventBusName: 'orders' });
    expect(await refusal(events.createEventBus({ Name: 'orders' }))).toBe(
      'ResourceAlreadyExistsException: Event bus orders already exists.',
    );
    expect(await refusal(events.createEventBus({ Name: 'default' }))).toBe(
      'ResourceAlreadyExistsException: Event bus default already exists.',
    );
    expect(await refusal(events.createEventBus({ Name: 'a b' }))).toBe(
      String.raw`ValidationException: 1 validation error detected: Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [/\.\-_A-Za-z0-9]+`,
    );
    expect(await refusal(events.createEventBus({ Name: 'a/b' }))).toBe(
      "ValidationException: Event bus name 'a/b' must not contain '/', which partners' have",
    );
    expect(await refusal(events.describeEventBus({ Name: 'none' }))).toBe(
      'ResourceNotFoundException: Event bus none does not exist.',
    );
    expect(await refusal(events.deleteEventBus({ Name: 'default' }))).toBe(
      'ValidationException: Cannot delete event bus default.',
    );
    expect(await refusal(events.deleteEventBus({ Name: 'orders' }))).toBe(
      "ValidationException: Event bus orders can't be deleted since it has rules.",
    );
  });
});

describe('rules', () => {
  test('are put on the default bus or another, described, listed and deleted', async () => {
    const { events } = await startEventServer();
    await events.createEventBus({ Name: 'orders' });
    const put = (EventBusName?: string) =>
      answer(events.putRule({ Name: 'rule', EventPattern: PATTERN, EventBusName, Description: 'd' }));
    expect(await put()).toEqual({ RuleArn: `${EVENTS}:rule/rule` });
    expect(await put('orders')).toEqual({ RuleArn: `${EVENTS}:rule/orders/rule` });
    const rule = {
      Name: 'rule',
      Arn: `${EVENTS}:rule/orders/rule`,
      EventPattern: PATTERN,
      State: 'ENABLED',
      Description: 'd',
      EventBusName: 'orders',
    };
    expect(await answer(events.describeRule({ Name: 'rule', EventBusName: `${EVENTS}:event-bus/orders` }))).toEqual({
      ...rule,
      CreatedBy: '123456789012',
    });
    expect(await answer(events.listRules({ EventBusName: 'orders' }))).toEqual({ Rules: [rule] });
    expect(await answer(events.listRules({ NamePrefix: 'x' }))).toEqual({ Rules: [] });
    await events.deleteRule({ Name: 'rule', EventBusName: 'orders' });
    await events.deleteRule({ Name: 'rule', EventBusName: 'orders' });
    expect(await answer(events.listRules({ EventBusName: 'orders' }))).toEqual({ Rules: [] });
    expect((await events.listRules({})).Rules?.length).toBe(1);
  });

  test('keep their targets when they are put again', async () => {
    const { events, putRule } = await startEventServer();
    await putRule();
    await events.putRule({ Name: 'rule', EventPattern: '{"source":["other"]}', State: 'DISABLED' });
    expect(await answer(events.describeRule({ Name: 'rule' }))).toEqual({
      Name: 'rule',
      Arn: `${EVENTS}:rule/rule`,
      EventPattern: '{"source":["other"]}',
      State: 'DISABLED',
      EventBusName: 'default',
      CreatedBy: '123456789012',
    });
    expect(await answer(events.listTargetsByRule({ Rule: 'rule' }))).toEqual({ Targets: [TARGET] });
  });

  test('are enabled and disabled', async () => {
    const { events, putRule } = await startEventServer();
    await putRule();
    await events.disableRule({ Name: 'rule' });
    expect((await events.describeRule({ Name: 'rule' })).State).toBe('DISABLED');
    await events.enableRule({ Name: 'rule' });
    expect((await events.describeRule({ Name: 'rule' })).State).toBe('ENABLED');
  });

  test.each<[object, string]>([
    [{}, 'ValidationException: Parameter(s) EventPattern or ScheduleExpression must be specified.'],
    [{ ScheduleExpression: 'rate(1 hour)' }, 'ValidationException: ScheduleExpression: no schedules run here'],
    [
      { EventPattern: '{"source":[]}' },
      'InvalidEventPatternException: Event pattern is not valid. Reason: Empty arrays are not allowed',
    ],
    [
      { EventPattern: 'this is no JSON' },
      `InvalidEventPatternException: Event pattern is not valid. Reason: Unrecognized token 'this': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n at [Source: (String)"this is no JSON"; line: 1, column: 5]`,
    ],
    [{ EventPattern: PATTERN, EventBusName: 'none' }, 'ResourceNotFoundException: Event bus none does not exist.'],
    [
      { EventPattern: PATTERN, State: 'ON' },
      "ValidationException: 1 validation error detected: Value 'ON' at 'state' failed to satisfy constraint: Member must satisfy enum value set: [ENABLED, DISABLED, ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS]",
    ],
  ])('with %j are refused', async (fields, message) => {
    const { events } = await startEventServer();
    expect(await refusal(events.putRule({ Name: 'rule', ...fields }))).toBe(message);
  });

  test('that are not there, and those that have targets, are refused', async () => {
    const { events, putRule } = await startEventServer();
    await putRule();
    const notThere = 'ResourceNotFoundException: Rule none does not exist on EventBus default.';
    expect(await refusal(events.describeRule({ Name: 'none' }))).toBe(notThere);
    expect(await refusal(events.enableRule({ Name: 'none' }))).toBe(notThere);
    expect(await refusal(events.disableRule({ Name: 'none' }))).toBe(notThere);
    expect(await refusal(events.listTargetsByRule({ Rule: 'none' }))).toBe(notThere);
    expect(await refusal(events.putTargets({ Rule: 'none', Targets: [TARGET] }))).toBe(notThere);
    expect(await refusal(events.removeTargets({ Rule: 'none', Ids: ['t'] }))).toBe(notThere);
    expect(await refusal(events.deleteRule({ Name: 'rule' }))).toBe(
      "ValidationException: Rule can't be deleted since it has targets.",
    );
  });
});

describe('targets', () => {
  const TRANSFORMED = {
    ...TARGET,
    Id: 'u',
    InputTransformer: { InputPathsMap: { a: '$.detail.a' }, InputTemplate: '{"a": <a>}' },
    RetryPolicy: { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 60 },
    DeadLetterConfig: { Arn: 'arn:aws:sqs:eu-west-1:123456789012:q' },
  };

  test('are put, replaced by their Id, listed and removed', async () => {
    const { events, putRule } = await startEventServer();
    await putRule([TARGET, TRANSFORMED]);
    expect(await answer(events.listTargetsByRule({ Rule: 'rule' }))).toEqual({ Targets: [TARGET, TRANSFORMED] });
    const again = { ...TARGET, InputPath: '$.detail' };
    expect(await answer(events.putTargets({ Rule: 'rule', Targets: [again] }))).toEqual({
      FailedEntryCount: 0,
      FailedEntries: [],
    });
    expect(await answer(events.listTargetsByRule({ Rule: 'rule' }))).toEqual({ Targets: [again, TRANSFORMED] });
    expect(await answer(events.listRuleNamesByTarget({ TargetArn: MACHINE }))).toEqual({ RuleNames: ['rule'] });
    expect(await answer(events.removeTargets({ Rule: 'rule', Ids: ['t', 'x'] }))).toEqual({
      FailedEntryCount: 1,
      FailedEntries: [
        {
          TargetId: 'x',
          ErrorCode: 'ResourceNotFoundException',
          ErrorMessage: 'Rule rule does not have a target with the Id x.',
        },
      ],
    });
    expect(await answer(events.listTargetsByRule({ Rule: 'rule' }))).toEqual({ Targets: [TRANSFORMED] });
    await events.removeTargets({ Rule: 'rule', Ids: ['u'] });
    expect(await answer(events.listRuleNamesByTarget({ TargetArn: MACHINE }))).toEqual({ RuleNames: [] });
    expect(await answer(events.deleteRule({ Name: 'rule' }))).toEqual({});
  });

  test.each<[object, string]>([
    [
      { Arn: 'arn:aws:lambda:eu-west-1:123456789012:function:f' },
      'Target t: arn:aws:lambda:eu-west-1:123456789012:function:f is no state machine, the only kind of target here',
    ],
    [{ RoleArn: undefined }, `RoleArn is required for target ${MACHINE}.`],
    [
      { Input: '{}', InputPath: '$' },
      'Only one of Input, InputPath, or InputTransformer must be provided for target t.',
    ],
    [{ Input: '{' }, 'JSON syntax error in input for target t.'],
    [{ InputPath: 'detail' }, expect.stringMatching(/^Invalid InputPath for target t: /) as never],
    [
      { InputTransformer: { InputTemplate: '"<a>"', InputPathsMap: { b: '$' } } },
      'InputTemplate for target t contains invalid placeholder a.',
    ],
    [
      { DeadLetterConfig: { Arn: 'arn:aws:sns:eu-west-1:1:q' } },
      'Dead-letter queue of target t: arn:aws:sns:eu-west-1:1:q is no ARN of an SQS queue',
    ],
    [
      { RetryPolicy: { MaximumRetryAttempts: 186 } },
      "1 validation error detected: Value '186' at 'targets.1.member.retryPolicy.maximumRetryAttempts' failed to satisfy constraint: Member must have value less than or equal to 185",
    ],
  ])('with %j are refused, all of the request with them', async (fields, message) => {
    const { events, putRule } = await startEventServer();
    await putRule([]);
    const put = events.putTargets({
      Rule: 'rule',
      Targets: [TRANSFORMED, { ...TARGET, ...fields }].reverse() as never,
    });
    const refused = await put.then(
      () => 'nothing refused',
      (error: Error) => error.message,
    );
    expect(refused).toEqual(message);
    expect(await answer(events.listTargetsByRule({ Rule: 'rule' }))).toEqual({ Targets: [] });
  });

  test('are five at most', async () => {
    const { events, putRule } = await startEventServer();
    await putRule(['a', 'b', 'c', 'd', 'e'].map((Id) => ({ ...TARGET, Id })));
    expect(await refusal(events.putTargets({ Rule: 'rule', Targets: [TARGET] }))).toBe(
      'LimitExceededException: The requested resource exceeds the maximum number allowed.',
    );
  });
});

describe('TestEventPattern', () => {
  const EVENT = {
    id: '1',
    account: '123456789012',
    source: 'app',
    time: '2026-11-24T12:00:00Z',
    region: 'eu-west-1',
    resources: [],
    'detail-type': 'Sent',
    detail: { a: 1 },
  };
  const check = async (pattern: string, event: string) =>
    (await startEventServer()).events.testEventPattern({ EventPattern: pattern, Event: event });

  test.each([
    ['{"source":["app"],"detail":{"a":[{"numeric":[">",0]}]}}', true],
    ['{"source":["app"],"detail":{"a":[{"numeric":[">",1]}]}}', false],
  ])('%s: %s', async (pattern, expected) => {
    expect((await check(pattern, JSON.stringify(EVENT))).Result).toBe(expected);
  });

  test.each([
    [PATTERN, '"text"', 'ValidationException: Parameter Event is not valid.'],
    [PATTERN, '{', 'ValidationException: Parameter Event is not valid.'],
    [PATTERN, '{"source":"app"}', 'ValidationException: Parameter Event is not valid.'],
    [
      '["not"]',
      JSON.stringify(EVENT),
      'InvalidEventPatternException: Event pattern is not valid. Reason: Filter is not an object',
    ],
  ])('refuses %s on %s', async (pattern, event, message) => {
    expect(await refusal(check(pattern, event))).toBe(message);
  });
});

test('what EventBridge does not have is refused', async () => {
  const { events } = await startEventServer();
  expect(await refusal(events.listArchives({}))).toBe('UnknownOperationException: ListArchives is not served here');
  expect(await refusal(events.putEvents({ Entries: [ENTRY, {}].slice(2) }))).toMatch(/^ValidationException: /);
});
