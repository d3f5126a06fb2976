import { type Action, findExecution, toSeconds } from '../context.ts';
import { requireString } from '../parameters.ts';

export const DescribeStateMachineForExecution: Action = (body, context) => {
  const { stateMachine } = findExecution(context, requireString(body, 'executionArn'));
  const { stateMachineArn, name, definition, roleArn, creationDate } = stateMachine;
  return { stateMachineArn, name, definition, roleArn, updateDate: toSeconds(creationDate) };
};
