import { checkRoutes, findAlias, routingConfiguration } from '../aliases.ts';
import { ApiError } from '../api-error.ts';
import { withoutQualifier } from '../arns.ts';
import { type Action, toSeconds } from '../context.ts';
import { arn, description } from '../fields.ts';
import { readParameters, required } from '../parameters.ts';

const FIELDS = { stateMachineAliasArn: required(arn), description, routingConfiguration };

export const UpdateStateMachineAlias: Action = async (body, context) => {
  const { stateMachineAliasArn, description, routingConfiguration } = readParameters(body, FIELDS);
  if (description === undefined && routingConfiguration === undefined) {
    const message = 'Either the description or the RoutingConfiguration must be specified';
    throw new ApiError('ValidationException', message);
  }
  const { store, clock } = context;
  if (routingConfiguration && checkRoutes(store, routingConfiguration) !== withoutQualifier(stateMachineAliasArn)) {
    const message = 'Routing configuration must contain versions of the state machine of the alias';
    throw new ApiError('ValidationException', message);
  }
  const alias = findAlias(context, stateMachineAliasArn);
  const updateDate = clock.now();
  store.aliases.put({
    ...alias,
    ...(description !== undefined && { description }),
    ...(routingConfiguration && { routingConfiguration }),
    updateDate,
  });
  await store.flush();
  return { updateDate: toSeconds(updateDate) };
};
