import { expect, test } from '@jest/globals';
import { createTaskToken, readTaskToken } from '../../../local/asl/task-token.ts';

const EXECUTION = 'arn:aws:states:us-east-1:123456789012:execution:machine:run-1';

test('a token is the same for the same attempt, and tells its execution', () => {
  const token = createTaskToken(EXECUTION, 2, 0, 0);
  expect(createTaskToken(EXECUTION, 2, 0, 0)).toBe(token);
  expect(readTaskToken(token)).toBe(EXECUTION);
});

test('no two attempts have the same token', () => {
  const attempts: [string, number, number, number][] = [
    [EXECUTION, 2, 0, 0],
    [EXECUTION, 2, 0, 1],
    [EXECUTION, 2, 1, 0],
    [EXECUTION, 7, 0, 0],
    [`${EXECUTION}2`, 2, 0, 0],
  ];
  expect(new Set(attempts.map((attempt) => createTaskToken(...attempt))).size).toBe(5);
});

test.each([
  ['a text', 'token'],
  ['a token made by hand', Buffer.from(`0 2 0 ${EXECUTION}`).toString('base64')],
  ['a token that was changed', `${createTaskToken(EXECUTION, 2, 0, 0).slice(0, -4)}AAAA`],
])('%s is no token', (_, token) => {
  expect(readTaskToken(token)).toBeUndefined();
});
