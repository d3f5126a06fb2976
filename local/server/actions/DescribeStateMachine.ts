import { checkArn } from '../arns.ts';
import { type Action, findStateMachine, toSeconds } from '../context.ts';
import { arn, includedData } from '../fields.ts';
import { readParameters, required } from '../parameters.ts';

const FIELDS = { stateMachineArn: required(arn), includedData };

/** Describes the current revision, or the version whose ARN is given. */
export const DescribeStateMachine: Action = (body, context) => {
  const { stateMachineArn, includedData } = readParameters(body, FIELDS);
  checkArn(stateMachineArn, 'stateMachine');
  const version = context.store.versions.get(stateMachineArn);
  const machine = version?.stateMachine ?? findStateMachine(context, stateMachineArn);
  return {
    stateMachineArn,
    name: machine.name,
    status: 'ACTIVE',
    // "If called with includedData = METADATA_ONLY, the returned definition will be {}."
    definition: includedData === 'METADATA_ONLY' ? '{}' : machine.definition,
    roleArn: machine.roleArn,
    type: machine.type,
    creationDate: toSeconds((version ?? machine).creationDate),
    ...machine.configuration,
    ...(machine.revisionId !== undefined && { revisionId: machine.revisionId }),
    ...(version?.description !== undefined && { description: version.description }),
  };
};
