import { describe, expect, test } from '@jest/globals';
import { createConcurrencyControl } from '../../../cli/batch/concurrency.ts';

describe('concurrency', () => {
  test('is halved by throttling, once while the retries of that settle, and never below 1', () => {
    const control = createConcurrencyControl(100, 100, 0);
    const seen = [1_000, 5_000, 15_999, 16_000, 31_000, 46_000, 61_000, 76_000, 91_000, 106_000].map((now) =>
      control.observe(3, now),
    );
    expect(seen).toEqual([50, 50, 50, 25, 12, 6, 3, 1, 1, 1]);
  });

  test('grows by a tenth for each half minute of quiet, by one at least, up to the most', () => {
    const control = createConcurrencyControl(4, 6, 0);
    const seen = [29_999, 30_000, 59_999, 60_000, 90_000].map((now) => control.observe(0, now));
    expect(seen).toEqual([4, 5, 5, 6, 6]);
    const large = createConcurrencyControl(200, 1_000, 0);
    expect(large.observe(0, 30_000)).toBe(220);
  });

  test('waits anew after throttling', () => {
    const control = createConcurrencyControl(10, 10, 0);
    control.observe(1, 20_000);
    expect([control.observe(0, 49_999), control.observe(0, 50_000)]).toEqual([5, 6]);
  });
});
