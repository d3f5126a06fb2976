import { ApiError } from '../api-error.ts';
import { checkArn } from '../arns.ts';
import type { Action } from '../context.ts';
import { longArn } from '../fields.ts';
import { readParameters, required } from '../parameters.ts';

const FIELDS = { stateMachineVersionArn: required(longArn) };

/** A version that is not there is no error, as recorded on AWS; one that an alias routes to is. */
export const DeleteStateMachineVersion: Action = async (body, { store }) => {
  const { stateMachineVersionArn } = readParameters(body, FIELDS);
  checkArn(stateMachineVersionArn, 'stateMachine');
  const aliases = store.aliases
    .list()
    .filter(({ routingConfiguration }) =>
      routingConfiguration.some((route) => route.stateMachineVersionArn === stateMachineVersionArn),
    );
  if (aliases.length > 0) {
    const names = aliases.map(({ name }) => name).join(', ');
    throw new ApiError(
      'ConflictException',
      `Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [${names}]`,
    );
  }
  store.versions.delete(stateMachineVersionArn);
  await store.flush();
  return {};
};
