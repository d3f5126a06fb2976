import { describe, expect, test } from '@jest/globals';
import { createSkippingClock } from '../../../local/engine/clock.ts';
import { createOutside } from '../../../local/engine/outside.ts';
import { type TaskRunner, UNANSWERED } from '../../../local/tasks/task.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { START } from '../../support/run.ts';

const task = { resource: 'r', arguments: '1', stateName: 'A', retryCount: 0, executionArn: 'e', taskToken: 'token' };
const hang: TaskRunner = async () => UNANSWERED;

describe('a clock that skips waits', () => {
  test('skips deadlines of answers too, where nobody answers', async () => {
    const outside = createOutside(
      createSkippingClock(() => START),
      hang,
    );
    outside.begin({ id: 3, task, taskToken: 'token', until: START + 5000 });
    expect(await outside.next()).toEqual({ id: 3, kind: 'elapsed' });
  });

  test('gives those who answer the time they have', async () => {
    const real = createManualClock(START);
    const clock = createSkippingClock(real.now, real);
    const outside = createOutside(clock, hang);
    outside.begin({ id: 2, until: START + 3_600_000 });
    outside.begin({ id: 3, task, taskToken: 'token', heartbeatMs: 5000 });
    expect(await outside.next()).toEqual({ id: 2, kind: 'elapsed' });
    expect(clock.now()).toBe(START + 3_600_000);
    await real.advance(4999);
    expect(await outside.answer('token', { kind: 'heartbeat' })).toBe(true);
    await real.advance(4999);
    const answered = outside.answer('token', { kind: 'succeeded', result: '2' });
    expect(await outside.next()).toEqual({ id: 3, kind: 'succeeded', result: '2' });
    void outside.next();
    expect(await answered).toBe(true);
    expect(await outside.answer('token', { kind: 'heartbeat' })).toBe(false);
  });

  test('lets a deadline pass that nobody keeps', async () => {
    const real = createManualClock(START);
    const outside = createOutside(createSkippingClock(real.now, real), hang);
    outside.begin({ id: 3, task, taskToken: 'token', until: START + 5000 });
    const outcome = outside.next();
    await real.advance(5000);
    expect(await outcome).toEqual({ id: 3, kind: 'elapsed' });
  });
});
