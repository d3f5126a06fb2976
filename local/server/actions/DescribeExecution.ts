import { type Action, findExecution } from '../context.ts';
import { describeExecution, describePayload } from '../describe.ts';
import { arn, includedData } from '../fields.ts';
import { readParameters, required } from '../parameters.ts';
import { whyNotRedrivable } from '../redrive.ts';

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
    ...describeRedrive(whyNotRedrivable(context, execution), mapRunArn !== undefined),
  };
};

function describeRedrive(reason: string | undefined, isChild: boolean) {
  if (reason === undefined) return { redriveStatus: isChild ? 'REDRIVABLE_BY_MAP_RUN' : 'REDRIVABLE' };
  return { redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason: reason };
}
