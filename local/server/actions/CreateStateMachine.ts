import { isDeepStrictEqual } from 'node:util';
import type { StateMachineRecord } from '../../store/store.ts';
import { ApiError } from '../api-error.ts';
import { checkRoleArn } from '../arns.ts';
import { CONFIGURATION, configure } from '../configuration.ts';
import { type Action, arnOf, checkName, type ServerContext, toSeconds } from '../context.ts';
import { checkDefinition } from '../definition.ts';
import { arn, definition, description, machineType, name, tags } from '../fields.ts';
import { boolean, readParameters, required } from '../parameters.ts';
import { putTags } from '../tags.ts';
import { checkPublication, findVersion, publishVersion } from '../versions.ts';

const FIELDS = {
  name: required(name),
  definition: required(definition),
  roleArn: required(arn),
  type: machineType,
  ...CONFIGURATION,
  tags,
  publish: boolean,
  versionDescription: description,
};

/**
 * "The idempotency check is based on the state machine name, definition, type, LoggingConfiguration,
 * TracingConfiguration, and EncryptionConfiguration", and on publish and versionDescription; another role or other tags
 * are ignored (API reference).
 */
export const CreateStateMachine: Action = async (body, context) => {
  const input = readParameters(body, FIELDS);
  const { roleArn, publish, versionDescription, type = 'STANDARD' } = input;
  checkPublication(publish, versionDescription);
  const stateMachineArn = arnOf(context, 'stateMachine', checkName(input.name));
  checkRoleArn(roleArn);
  const configuration = configure(input);
  checkDefinition(input.definition, type);
  const asked = { stateMachineArn, name: input.name, type, roleArn, definition: input.definition, configuration };
  const existing = context.store.stateMachines.get(stateMachineArn);
  if (existing) return answerAgain(context, existing, asked, { publish, versionDescription });

  const machine: StateMachineRecord = { ...asked, creationDate: context.clock.now() };
  context.store.stateMachines.put(machine);
  if (input.tags) putTags(context, stateMachineArn, input.tags);
  const version = publish ? publishVersion(context, machine, versionDescription) : undefined;
  await context.store.flush();
  return answer(machine, version?.stateMachineVersionArn);
};

function answerAgain(
  { store }: ServerContext,
  existing: StateMachineRecord,
  asked: Omit<StateMachineRecord, 'creationDate'>,
  { publish, versionDescription }: { publish: boolean | undefined; versionDescription: string | undefined },
) {
  const version = publish ? findVersion(store, existing) : undefined;
  const isSame =
    existing.definition === asked.definition &&
    existing.type === asked.type &&
    isDeepStrictEqual(existing.configuration, asked.configuration) &&
    (!publish || (version !== undefined && version.description === versionDescription));
  if (isSame) return answer(existing, version?.stateMachineVersionArn);
  throw new ApiError('StateMachineAlreadyExists', `State Machine Already Exists: '${asked.stateMachineArn}'`);
}

function answer({ stateMachineArn, creationDate }: StateMachineRecord, stateMachineVersionArn: string | undefined) {
  return {
    stateMachineArn,
    creationDate: toSeconds(creationDate),
    ...(stateMachineVersionArn !== undefined && { stateMachineVersionArn }),
  };
}
