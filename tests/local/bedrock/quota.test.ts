import { expect, test } from '@jest/globals';
import { Quota } from '../../../local/bedrock/quota.ts';

const MINUTE = 60_000;

test('requests are throttled when a minute of them is used up, and come back evenly', () => {
  const quota = new Quota({ requests: 60 }, 1);
  const begun = (now: number, count: number) => Array.from({ length: count }, () => quota.begin(1_000_000, now));
  expect(begun(0, 60)).toEqual(Array(60).fill(undefined));
  expect(quota.begin(1, 999)).toBe('requests');
  // One a second.
  expect(begun(3_000, 4)).toEqual([undefined, undefined, undefined, 'requests']);
  // Never more than a minute gives.
  expect(begun(10 * MINUTE, 61)).toEqual([...Array(60).fill(undefined), 'requests']);
});

test('a request takes its input and maxTokens, and gives back what its output did not burn', () => {
  const quota = new Quota({ tokens: 10_000 }, 5);
  expect(quota.begin(6_000, 0)).toBeUndefined();
  expect(quota.begin(6_000, 0)).toBe('tokens');
  // 1,000 of input and 200 x 5 of output stay used: 8,000 are there.
  quota.end(6_000, { input: 1_000, output: 200 }, 0);
  expect(quota.begin(8_001, 0)).toBe('tokens');
  expect(quota.begin(8_000, 0)).toBeUndefined();
});

test('an output that burns more than was reserved is paid off first', () => {
  const quota = new Quota({ tokens: 6_000 }, 5);
  expect(quota.begin(2_000, 0)).toBeUndefined();
  // 1,000 + 1,000 x 5: the minute is used up.
  quota.end(2_000, { input: 1_000, output: 1_000 }, 0);
  expect(quota.begin(1, 9)).toBe('tokens');
  expect(quota.begin(1, 10)).toBeUndefined();
});

test('what is throttled by its tokens has used no request', () => {
  const quota = new Quota({ requests: 1, tokens: 100 }, 1);
  expect(quota.begin(101, 0)).toBe('tokens');
  expect(quota.begin(100, 0)).toBeUndefined();
  expect(quota.begin(1, 0)).toBe('requests');
});

test('without quotas nothing is throttled', () => {
  expect(new Quota({}, 5).begin(Number.MAX_SAFE_INTEGER, 0)).toBeUndefined();
});
