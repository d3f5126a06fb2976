import type { StateMachineRecord } from '../../local/store/store.ts';

const NAMES = ['A', 'B', 'C', 'D', 'E', 'F', 'G'];

/** The least that a machine can do, seven times. */
export const SEVEN_PASS_STATES = {
  StartAt: 'A',
  States: Object.fromEntries(
    NAMES.map((name, index) => [name, { Type: 'Pass', ...(index < 6 ? { Next: NAMES[index + 1] } : { End: true }) }]),
  ),
};

/** A Map over `$.items`, whose iterations are one Pass state each. */
export const MAP = {
  StartAt: 'Map',
  States: {
    Map: {
      Type: 'Map',
      ItemsPath: '$.items',
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'Item',
        States: { Item: { Type: 'Pass', End: true } },
      },
      End: true,
    },
  },
};

/** A state machine as the store has it. */
export function standardMachine(name: string, definition: object): StateMachineRecord {
  return {
    stateMachineArn: `arn:aws:states:us-east-1:123456789012:stateMachine:${name}`,
    name,
    type: 'STANDARD',
    roleArn: `arn:aws:iam::123456789012:role/${name}`,
    definition: JSON.stringify(definition),
    creationDate: 0,
  };
}
