import type { Json } from '../../asl/json.ts';
import { findAlias } from '../aliases.ts';
import { type Action, toSeconds } from '../context.ts';
import { arn } from '../fields.ts';
import { readParameters, required } from '../parameters.ts';

const FIELDS = { stateMachineAliasArn: required(arn) };

export const DescribeStateMachineAlias: Action = (body, context) => {
  const { stateMachineAliasArn } = readParameters(body, FIELDS);
  const { name, description, routingConfiguration, creationDate, updateDate } = findAlias(
    context,
    stateMachineAliasArn,
  );
  return {
    stateMachineAliasArn,
    name,
    ...(description !== undefined && { description }),
    routingConfiguration: routingConfiguration as unknown as Json,
    creationDate: toSeconds(creationDate),
    updateDate: toSeconds(updateDate),
  };
};
