import { expect, test } from '@jest/globals';
import { createChance, meanSeconds, spreadOf } from '../../../cli/simulation/chance.ts';
import { wordDuration } from '../../../cli/simulation/report.ts';
import { Timeline } from '../../../cli/simulation/timeline.ts';

test('a timeline gives its members in the order of their times, also of those that wait again', () => {
  const { uniform } = createChance(7);
  const timeline = new Timeline(500);
  const left = Array.from({ length: 500 }, () => 4);
  left.forEach((_, member) => {
    timeline.add(member, uniform());
  });
  const seen: number[] = [];
  for (let member = timeline.first; member !== undefined; member = timeline.first) {
    const time = timeline.timeOf(member);
    seen.push(time);
    left[member] = (left[member] ?? 0) - 1;
    if (left[member] === 0) timeline.removeFirst();
    else timeline.postponeFirst(time + uniform());
  }
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen).toHaveLength(2_000);
  expect(left).toEqual(Array(500).fill(0));
});

test('latencies have the percentiles that were asked for', () => {
  const latency = { p50: 4, p99: 12 };
  const { normal } = createChance(1);
  const drawn = Array.from({ length: 200_000 }, () => latency.p50 * Math.exp(spreadOf(latency) * normal()));
  const sorted = drawn.toSorted((a, b) => a - b);
  expect(sorted[100_000]).toBeCloseTo(4, 1);
  expect((sorted[198_000] ?? 0) / 12).toBeCloseTo(1, 1);
  expect(drawn.reduce((sum, one) => sum + one, 0) / drawn.length).toBeCloseTo(meanSeconds(latency), 1);
});

test.each([
  [0.2, '1 s'],
  [303, '5 min 3 s'],
  [60_000, '16 h 40 min'],
  [270_000, '3 d 3 h'],
])('%d seconds are worded as %s', (seconds, expected) => {
  expect(wordDuration(seconds)).toBe(expected);
});
