import { isDeepStrictEqual } from 'node:util';
import type { StateMachineRecord } from '../../store/store.ts';
import { ApiError } from '../api-error.ts';
import { checkRoleArn } from '../arns.ts';
import { CONFIGURATION, configure } from '../configuration.ts';
import { type Action, findStateMachine, type ServerContext, toSeconds } from '../context.ts';
import { checkDefinition } from '../definition.ts';
import { arn, definition, description } from '../fields.ts';
import { boolean, readParameters, required } from '../parameters.ts';
import { checkPublication, publishVersion } from '../versions.ts';

const FIELDS = {
  stateMachineArn: required(arn),
  definition,
  roleArn: arn,
  ...CONFIGURATION,
  publish: boolean,
  versionDescription: description,
};

/** Makes a new revision when anything changes; running executions keep theirs. */
export const UpdateStateMachine: Action = async (body, context) => {
  const input = readParameters(body, FIELDS);
  checkPublication(input.publish, input.versionDescription);
  const { definition, roleArn, loggingConfiguration, tracingConfiguration, encryptionConfiguration } = input;
  if (!(definition ?? roleArn ?? loggingConfiguration ?? tracingConfiguration ?? encryptionConfiguration)) {
    const message =
      'Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified';
    throw new ApiError('MissingRequiredParameter', message);
  }
  const current = findStateMachine(context, input.stateMachineArn);
  if (roleArn !== undefined) checkRoleArn(roleArn);
  const configuration = configure(input, current.configuration);
  if (definition !== undefined) checkDefinition(definition, current.type);
  const changed = { definition: definition ?? current.definition, roleArn: roleArn ?? current.roleArn, configuration };
  const machine = revise(context, current, changed);
  const version = input.publish ? publishVersion(context, machine, input.versionDescription) : undefined;
  await context.store.flush();
  return {
    updateDate: toSeconds(machine.updateDate ?? context.clock.now()),
    ...(machine.revisionId !== undefined && { revisionId: machine.revisionId }),
    ...(version && { stateMachineVersionArn: version.stateMachineVersionArn }),
  };
};

function revise(
  { store, clock, uuid }: ServerContext,
  current: StateMachineRecord,
  changed: Pick<StateMachineRecord, 'definition' | 'roleArn' | 'configuration'>,
): StateMachineRecord {
  const { definition, roleArn, configuration } = current;
  if (isDeepStrictEqual(changed, { definition, roleArn, configuration })) return current;
  const machine = { ...current, ...changed, revisionId: uuid(), updateDate: clock.now() };
  store.stateMachines.put(machine);
  return machine;
}
