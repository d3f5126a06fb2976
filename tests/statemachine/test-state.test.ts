import { expect, test } from '@jest/globals';
import { startServer } from '../local/server/helpers.ts';
import { testStateCase } from '../support/test-state.ts';
import { DEFINITION, TEST_STATE_CASES } from '../support/test-state-cases.ts';

// tests/live/test-state.live.ts puts the same cases to AWS.
test.each(TEST_STATE_CASES.map((one) => [one.state, one.name, one] as const))('%s %s', async (_state, _name, one) => {
  const { sfn } = await startServer();
  expect(await testStateCase(sfn, one)).toEqual(one.expected);
});

test('every state is tested, and every retrier and catcher', () => {
  type Handlers = { Retry?: unknown[]; Catch?: unknown[]; Type: string };
  const { States } = JSON.parse(DEFINITION) as { States: Record<string, Handlers> };
  const handlers = Object.entries(States).flatMap(([state, { Type, Retry = [], Catch = [] }]) => [
    ...(Type === 'Succeed' ? [] : [state]),
    // The retriers and catchers of the states that log are alike; one of each is enough.
    ...(state.startsWith('Log') ? [] : Retry.map((_, index) => `${state} retryIndex ${index}`)),
    ...(state.startsWith('Log') ? [] : Catch.map((_, index) => `${state} catchIndex ${index}`)),
  ]);
  const tested = new Set(
    TEST_STATE_CASES.flatMap(({ state, expected: { retryIndex, catchIndex } }) => [
      state,
      `${state} retryIndex ${retryIndex}`,
      `${state} catchIndex ${catchIndex}`,
    ]),
  );
  expect(handlers.filter((handler) => !tested.has(handler))).toEqual([]);
});
