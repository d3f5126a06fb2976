import { isDeepStrictEqual } from 'node:util';
import { checkRoutes, routingConfiguration } from '../aliases.ts';
import { ApiError } from '../api-error.ts';
import { type Action, toSeconds } from '../context.ts';
import { description } from '../fields.ts';
import { readParameters, required, text } from '../parameters.ts';

const FIELDS = {
  description,
  // Not a version's number alone.
  name: required(text({ least: 1, most: 80, pattern: String.raw`^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$` })),
  routingConfiguration: required(routingConfiguration),
};

/** Idempotent for the same name, description and routes. */
export const CreateStateMachineAlias: Action = async (body, { store, clock }) => {
  const { name, description, routingConfiguration } = readParameters(body, FIELDS);
  const stateMachineArn = checkRoutes(store, routingConfiguration);
  const stateMachineAliasArn = `${stateMachineArn}:${name}`;
  const existing = store.aliases.get(stateMachineAliasArn);
  if (existing) {
    const isSame =
      existing.description === description && isDeepStrictEqual(existing.routingConfiguration, routingConfiguration);
    if (isSame) return { stateMachineAliasArn, creationDate: toSeconds(existing.creationDate) };
    const message =
      'Failed to create alias because an alias with the same name and a different routing configuration already exists.';
    throw new ApiError('ConflictException', message);
  }
  const creationDate = clock.now();
  store.aliases.put({
    stateMachineAliasArn,
    stateMachineArn,
    name,
    ...(description !== undefined && { description }),
    routingConfiguration,
    creationDate,
    updateDate: creationDate,
  });
  await store.flush();
  return { stateMachineAliasArn, creationDate: toSeconds(creationDate) };
};
