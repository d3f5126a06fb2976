import type { ExecutionRecord } from '../../store/store.ts';
import { type Action, findExecution } from '../context.ts';
import { describeExecution, describePayload } from '../describe.ts';
import { arn, includedData } from '../fields.ts';
import { readParameters, required } from '../parameters.ts';

const FIELDS = { executionArn: required(arn), includedData };

export const DescribeExecution: Action = (body, context) => {
  const { executionArn, includedData } = readParameters(body, FIELDS);
  const execution = findExecution(context, executionArn);
  const { traceHeader, mapRunArn } = execution;
  return {
    ...describeExecution(execution),
    ...describePayload(execution, includedData),
    ...(traceHeader !== undefined && { traceHeader }),
    ...(mapRunArn !== undefined && { mapRunArn }),
    ...describeRedrive(execution),
  };
};

function describeRedrive({ status, mapRunArn }: ExecutionRecord) {
  if (status !== 'RUNNING' && status !== 'SUCCEEDED') {
    return { redriveStatus: mapRunArn === undefined ? 'REDRIVABLE' : 'REDRIVABLE_BY_MAP_RUN' };
  }
  return {
    redriveStatus: 'NOT_REDRIVABLE',
    redriveStatusReason: `Execution is ${status} and cannot be redriven`,
  };
}
