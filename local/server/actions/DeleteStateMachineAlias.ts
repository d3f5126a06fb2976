import { checkArn } from '../arns.ts';
import type { Action } from '../context.ts';
import { arn } from '../fields.ts';
import { readParameters, required } from '../parameters.ts';

const FIELDS = { stateMachineAliasArn: required(arn) };

/** An alias that is not there is no error, as recorded on AWS. */
export const DeleteStateMachineAlias: Action = async (body, { store }) => {
  const { stateMachineAliasArn } = readParameters(body, FIELDS);
  checkArn(stateMachineAliasArn, 'stateMachine');
  store.aliases.delete(stateMachineAliasArn);
  await store.flush();
  return {};
};
