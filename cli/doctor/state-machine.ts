import { DescribeStateMachineCommand, type SFNClient } from '@aws-sdk/client-sfn';
import { describeFailure } from './failure.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const DEPLOY = 'set STATE_MACHINE_ARN to the ARN that "npm run deploy" printed';

/** Whether the deployed state machine is there. */
export async function checkStateMachine(sfn: SFNClient, stateMachineArn: string): Promise<Finding> {
  const what = 'State machine';
  try {
    // The definition may be encrypted with a key that these credentials need not have.
    const command = new DescribeStateMachineCommand({ stateMachineArn, includedData: 'METADATA_ONLY' });
    const { status, name, type } = await sfn.send(command);
    if (status === 'ACTIVE') return ok(what, `${name}, ${type}, ${status}`);
    return warn(what, `${name}, ${type}, ${status}`, 'deploy it again: npm run deploy');
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'StateMachineDoesNotExist' || name === 'InvalidArn') return fail(what, name, DEPLOY);
    return describeFailure(what, error, 'states:DescribeStateMachine');
  }
}
