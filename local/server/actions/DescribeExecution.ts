import { type Action, findExecution, toSeconds } from '../context.ts';
import { requireString } from '../parameters.ts';

export const DescribeExecution: Action = (body, context) => {
  const execution = findExecution(context, requireString(body, 'executionArn'));
  const { executionArn, name, status, startDate, stopDate, input, output, error, cause } = execution;
  return {
    executionArn,
    stateMachineArn: execution.stateMachine.stateMachineArn,
    name,
    status,
    startDate: toSeconds(startDate),
    ...(stopDate !== undefined && { stopDate: toSeconds(stopDate) }),
    input,
    inputDetails: { included: true },
    ...(output !== undefined && { output, outputDetails: { included: true } }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
    redriveCount: 0,
  };
};
