import type { ExecutionRecord } from '../../store/store.ts';
import { type Action, findExecution } from '../context.ts';
import { describeExecution, describePayload } from '../describe.ts';
import { arn, includedData } from '../fields.ts';
import { readParameters, required } from '../parameters.ts';

const FIELDS = { executionArn: required(arn), includedData };

export const DescribeExecution: Action = (body, context) => {
  const { executionArn, includedData } = readParameters(body, FIELDS);
  const execution = findExecution(context, executionArn);
  const { traceHeader } = execution;
  return {
    ...describeExecution(execution),
    ...describePayload(execution, includedData),
    ...(traceHeader !== undefined && { traceHeader }),
    ...describeRedrive(execution),
  };
};

function describeRedrive({ status }: ExecutionRecord) {
  if (status !== 'RUNNING' && status !== 'SUCCEEDED') return { redriveStatus: 'REDRIVABLE' };
  return {
    redriveStatus: 'NOT_REDRIVABLE',
    redriveStatusReason: `Execution is ${status} and cannot be redriven`,
  };
}
