import { expect, test } from '@jest/globals';
import { createDeliveries, DeliveryFailure } from '../../../local/events/deliveries.ts';
import { createMemoryStore } from '../../../local/store/memory.ts';
import type { DeliveryRecord, TargetRecord } from '../../../local/store/store.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { START } from '../../support/run.ts';

const RULE = 'arn:aws:events:us-east-1:123456789012:rule/rule';
const BUSY = new DeliveryFailure('BUSY', 'come back later', true);

/** Delivers an event to a target that fails with each of these in turn, then takes it. */
function deliver(failures: Error[], target: Partial<TargetRecord> = {}) {
  const clock = createManualClock(START);
  const { deliveries: table } = createMemoryStore();
  const calls: [seconds: number, ...string[]][] = [];
  const lost: [string | undefined, unknown][] = [];
  const deliveries = createDeliveries({
    table,
    clock,
    random: () => 1,
    async invoke(...call) {
      calls.push([(clock.now() - START) / 1000, ...call]);
      const failure = failures.shift();
      if (failure) throw failure;
    },
    async giveUp(queue, _, attributes) {
      lost.push([queue, attributes]);
      return true;
    },
  });
  const delivery: DeliveryRecord = {
    deliveryId: 'd',
    event: {
      version: '0',
      id: 'e',
      'detail-type': 'Sent',
      source: 'app',
      account: '123456789012',
      time: '2026-11-24T12:00:00Z',
      region: 'us-east-1',
      resources: [],
      detail: {},
    },
    ruleArn: RULE,
    ruleName: 'rule',
    target: { Id: 't', Arn: 'arn:t', InputPath: '$.source', ...target },
    ingestionTime: START,
  };
  table.put(delivery);
  deliveries.begin(delivery);
  return { clock, table, calls, lost, deliveries, times: () => calls.map(([seconds]) => seconds) };
}

/** Lets so many seconds pass, one after the other. */
async function pass({ clock }: ReturnType<typeof deliver>, seconds: number): Promise<void> {
  await clock.advance(0);
  for (let second = 0; second < seconds; second += 1) await clock.advance(1000);
}

test('an event is delivered at once, under a name of its own, and forgotten', async () => {
  const run = deliver([]);
  await pass(run, 1);
  expect(run.calls).toEqual([[0, 'arn:t', 'e_d', '"app"']]);
  expect([run.table.list(), run.lost, run.clock.waiting()]).toEqual([[], [], 0]);
});

test('a target that is busy is called again, later each time, at most a minute apart', async () => {
  const run = deliver(Array(9).fill(BUSY));
  await pass(run, 300);
  expect(run.times()).toEqual([0, 1, 3, 7, 15, 31, 63, 123, 183, 243]);
  expect([run.table.list(), run.lost]).toEqual([[], []]);
});

const attributes = (more: object) => ({
  RULE_ARN: RULE,
  TARGET_ARN: 'arn:t',
  ERROR_CODE: 'BUSY',
  ERROR_MESSAGE: 'come back later',
  ...more,
});

test.each<[string, NonNullable<TargetRecord['RetryPolicy']>, number[], string, object]>([
  ['retries', { MaximumRetryAttempts: 2 }, [0, 1, 3], 'MaximumRetryAttempts', { RETRY_ATTEMPTS: '2' }],
  ['no retry', { MaximumRetryAttempts: 0 }, [0], 'MaximumRetryAttempts', { RETRY_ATTEMPTS: '0' }],
  [
    'its age',
    { MaximumEventAgeInSeconds: 60 },
    [0, 1, 3, 7, 15, 31, 63],
    'MaximumEventAgeInSeconds',
    { RETRY_ATTEMPTS: '6' },
  ],
])('an event is given up after %s of the retry policy', async (_, RetryPolicy, times, condition, more) => {
  const run = deliver(Array(9).fill(BUSY), { RetryPolicy, DeadLetterConfig: { Arn: 'arn:q' } });
  await pass(run, 300);
  expect(run.times()).toEqual(times);
  expect(run.lost).toEqual([['arn:q', attributes({ EXHAUSTED_RETRY_CONDITION: condition, ...more })]]);
  expect(run.table.list()).toEqual([]);
});

test('what would fail again is given up at once', async () => {
  const run = deliver([new DeliveryFailure('GONE', 'no such target', false)]);
  await pass(run, 10);
  expect(run.times()).toEqual([0]);
  const why = { ERROR_CODE: 'GONE', ERROR_MESSAGE: 'no such target', RETRY_ATTEMPTS: '0' };
  expect(run.lost).toEqual([[undefined, attributes(why)]]);
});

test('halted, it leaves what is under way for another process', async () => {
  const run = deliver([BUSY]);
  await run.clock.advance(0);
  run.deliveries.halt();
  await pass(run, 10);
  expect([run.times(), run.table.list().length, run.clock.waiting()]).toEqual([[0], 1, 0]);
});
