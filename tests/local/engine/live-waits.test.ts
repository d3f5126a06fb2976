import { describe, expect, test } from '@jest/globals';
import { createSkippingClock } from '../../../local/engine/clock.ts';
import { LiveWaits } from '../../../local/engine/live-waits.ts';
import { type TaskRunner, UNANSWERED } from '../../../local/tasks/task.ts';
import { START } from '../../support/run.ts';

const TASK = { resource: 'r', arguments: '1', stateName: 'A', retryCount: 0, executionArn: 'e' };

/** Begins a task; `isAborted` tells whether it has learnt that nobody waits for it any more. */
function begin(answer: ReturnType<TaskRunner>, limits: { until?: number; taskToken?: string } = {}) {
  let signal: AbortSignal | undefined;
  const waits = new LiveWaits(
    createSkippingClock(() => START),
    (_, work) => {
      signal = work.signal;
      return answer;
    },
  );
  waits.begin({ id: 3, task: TASK, ...limits });
  return { waits, isAborted: () => signal?.aborted };
}

describe('the signal of a task', () => {
  test('stays quiet when the task ends by itself', async () => {
    const { waits, isAborted } = begin(Promise.resolve('2'));
    expect(await waits.next()).toEqual({ id: 3, kind: 'succeeded', result: '2' });
    waits.dispose();
    expect(isAborted()).toBe(false);
  });

  test('comes when its time is over', async () => {
    const { waits, isAborted } = begin(Promise.resolve(UNANSWERED), { until: START + 1000 });
    expect(await waits.next()).toEqual({ id: 3, kind: 'elapsed' });
    expect(isAborted()).toBe(true);
  });

  test('comes when it is answered with its token, and when the execution is over', async () => {
    const answered = begin(Promise.resolve(UNANSWERED), { taskToken: 'token' });
    const outcome = answered.waits.next();
    await Promise.resolve();
    void answered.waits.answer('token', { kind: 'succeeded', result: '2' });
    expect(await outcome).toEqual({ id: 3, kind: 'succeeded', result: '2' });
    expect(answered.isAborted()).toBe(true);
    const running = begin(new Promise(() => {}));
    running.waits.dispose();
    expect(running.isAborted()).toBe(true);
  });
});
