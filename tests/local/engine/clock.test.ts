import { describe, expect, test } from '@jest/globals';
import { createSkippingClock } from '../../../local/engine/clock.ts';
import { LiveWaits } from '../../../local/engine/live-waits.ts';
import { type TaskRunner, UNANSWERED } from '../../../local/tasks/task.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { START } from '../../support/run.ts';

const task = { resource: 'r', arguments: '1', stateName: 'A', retryCount: 0, executionArn: 'e', taskToken: 'token' };
const hang: TaskRunner = async () => UNANSWERED;

describe('a clock that skips waits', () => {
  test('skips deadlines of answers too, where nobody answers', async () => {
    const waits = new LiveWaits(
      createSkippingClock(() => START),
      hang,
    );
    waits.begin({ id: 3, task, taskToken: 'token', until: START + 5000 });
    expect(await waits.next()).toEqual({ id: 3, kind: 'elapsed' });
  });

  test('gives those who answer the time they have', async () => {
    const real = createManualClock(START);
    const clock = createSkippingClock(real.now, real);
    const waits = new LiveWaits(clock, hang);
    waits.begin({ id: 2, until: START + 3_600_000 });
    waits.begin({ id: 3, task, taskToken: 'token', heartbeatMs: 5000 });
    expect(await waits.next()).toEqual({ id: 2, kind: 'elapsed' });
    expect(clock.now()).toBe(START + 3_600_000);
    await real.advance(4999);
    expect(await waits.answer('token', { kind: 'heartbeat' })).toBe(true);
    await real.advance(4999);
    const answered = waits.answer('token', { kind: 'succeeded', result: '2' });
    expect(await waits.next()).toEqual({ id: 3, kind: 'succeeded', result: '2' });
    void waits.next();
    expect(await answered).toBe(true);
    expect(await waits.answer('token', { kind: 'heartbeat' })).toBe(false);
  });

  test('lets a deadline pass that nobody keeps', async () => {
    const real = createManualClock(START);
    const waits = new LiveWaits(createSkippingClock(real.now, real), hang);
    waits.begin({ id: 3, task, taskToken: 'token', until: START + 5000 });
    const outcome = waits.next();
    await real.advance(5000);
    expect(await outcome).toEqual({ id: 3, kind: 'elapsed' });
  });

  test('ends the time of a task that hangs, and a wait beside it, when they are over in reality', async () => {
    const real = createManualClock(START);
    const waits = new LiveWaits(createSkippingClock(real.now, real), () => new Promise(() => {}));
    waits.begin({ id: 2, until: START + 1000 });
    waits.begin({ id: 3, task: { ...task, taskToken: undefined }, until: START + 2000 });
    const waited = waits.next();
    await real.advance(1000);
    expect(await waited).toEqual({ id: 2, kind: 'elapsed' });
    const timedOut = waits.next();
    await real.advance(1000);
    expect(await timedOut).toEqual({ id: 3, kind: 'elapsed' });
    expect(real.waiting()).toBe(0);
  });

  test('waits for nothing more in reality when it has skipped', async () => {
    const real = createManualClock(START);
    const waits = new LiveWaits(createSkippingClock(real.now, real), hang);
    waits.begin({ id: 2, until: START + 3_600_000 });
    expect(await waits.next()).toEqual({ id: 2, kind: 'elapsed' });
    expect(real.waiting()).toBe(0);
  });
});
