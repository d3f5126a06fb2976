import { type Action, findExecution, toSeconds } from '../context.ts';
import { arn, includedData } from '../fields.ts';
import { readParameters, required } from '../parameters.ts';

const FIELDS = { executionArn: required(arn), includedData };

export const DescribeStateMachineForExecution: Action = (body, context) => {
  const { executionArn, includedData } = readParameters(body, FIELDS);
  const { stateMachine, mapRunArn } = findExecution(context, executionArn);
  const { stateMachineArn, name, definition, roleArn, creationDate, updateDate, revisionId } = stateMachine;
  return {
    stateMachineArn,
    name,
    definition: includedData === 'METADATA_ONLY' ? '{}' : definition,
    roleArn,
    updateDate: toSeconds(updateDate ?? creationDate),
    ...stateMachine.configuration,
    ...(revisionId !== undefined && { revisionId }),
    // stateMachine:MACHINE/LABEL, of a child of a map run
    ...(mapRunArn !== undefined && { mapRunArn, label: name.split('/').at(-1) ?? '' }),
  };
};
