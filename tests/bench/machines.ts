import type { StateMachineRecord } from '../../local/store/store.ts';

export const ROLE = 'arn:aws:iam::123456789012:role/bench';

const NAMES = ['A', 'B', 'C', 'D', 'E', 'F', 'G'];

/** The least that a machine can do, seven times. */
export const SEVEN_PASS_STATES = {
  StartAt: 'A',
  States: Object.fromEntries(
    NAMES.map((name, index) => [name, { Type: 'Pass', ...(index < 6 ? { Next: NAMES[index + 1] } : { End: true }) }]),
  ),
};

const map = (Mode: 'INLINE' | 'DISTRIBUTED') => ({
  StartAt: 'Map',
  States: {
    Map: {
      Type: 'Map',
      ItemsPath: '$.items',
      ItemProcessor: {
        ProcessorConfig: { Mode, ...(Mode === 'DISTRIBUTED' && { ExecutionType: 'STANDARD' }) },
        StartAt: 'Item',
        States: { Item: { Type: 'Pass', End: true } },
      },
      End: true,
    },
  },
});

/** A Map over `$.items`, whose iterations, or child executions, are one Pass state each. */
export const MAP = map('INLINE');
export const DISTRIBUTED_MAP = map('DISTRIBUTED');

/** Goes round, four events each time, until its history has about `$.n` events. */
export const LOOP = {
  QueryLanguage: 'JSONata',
  StartAt: 'Count',
  States: {
    Count: {
      Type: 'Pass',
      Assign: { left: '{% ($exists($left) ? $left : $states.context.Execution.Input.n) - 4 %}' },
      Next: 'More',
    },
    More: {
      Type: 'Choice',
      Choices: [{ Condition: '{% $left >= 8 %}', Next: 'Count' }],
      Default: 'Done',
    },
    Done: { Type: 'Succeed' },
  },
};

/** A state machine as the store has it. */
export function standardMachine(name: string, definition: object): StateMachineRecord {
  return {
    stateMachineArn: `arn:aws:states:us-east-1:123456789012:stateMachine:${name}`,
    name,
    type: 'STANDARD',
    roleArn: ROLE,
    definition: JSON.stringify(definition),
    creationDate: 0,
  };
}
