import { SFN } from '@aws-sdk/client-sfn';
import { expect } from '@jest/globals';
import { testStateCase } from '../support/test-state.ts';
import { TEST_STATE_CASES } from '../support/test-state-cases.ts';
import { liveTest } from './live-test.ts';

const sfn = new SFN({ maxAttempts: 5 });
const test = await liveTest('the states on TestState', sfn);

// tests/statemachine/test-state.test.ts holds the interpreter to the same answers.
test.each(TEST_STATE_CASES.map((one) => [one.state, one.name, one] as const))(
  'AWS says: %s %s',
  async (_state, _name, one) => {
    expect(await testStateCase(sfn, one)).toEqual(one.expected);
  },
  60_000,
);
