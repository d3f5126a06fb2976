import { type Action, findExecution } from '../context.ts';
import { describeExecution, describePayload } from '../describe.ts';
import { arn, includedData } from '../fields.ts';
import { readParameters, required } from '../parameters.ts';
import { whyNotRedrivable } from '../redrive.ts';

const FIELDS = { executionArn: required(arn), includedData };

export const DescribeExecution: Action = (body, context) => {
  const { executionArn, includedData } = readParameters(body, FIELDS);
  const execution = findExecution(context, executionArn);
  const { traceHeader } = execution;
  return {
    ...describeExecution(execution),
    ...describePayload(execution, includedData),
    ...(traceHeader !== undefined && { traceHeader }),
    ...describeRedrive(whyNotRedrivable(context, execution)),
  };
};

function describeRedrive(reason: string | undefined) {
  if (reason === undefined) return { redriveStatus: 'REDRIVABLE' };
  return { redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason: reason };
}
