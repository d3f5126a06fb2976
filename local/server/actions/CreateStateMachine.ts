import type { Json } from '../../asl/json.ts';
import { compileMachine, InvalidDefinitionError } from '../../asl/machine.ts';
import { ApiError } from '../api-error.ts';
import { type Action, arnOf, requireName, toSeconds } from '../context.ts';
import { optionalString, requireString } from '../parameters.ts';

/** Idempotent for the same definition and role; another one under the same name is refused. */
export const CreateStateMachine: Action = async (input, context) => {
  const definition = requireString(input, 'definition');
  const roleArn = requireString(input, 'roleArn');
  const name = requireName(requireString(input, 'name'));
  const type = (optionalString(input, 'type') ?? 'STANDARD') as 'STANDARD' | 'EXPRESS';
  const stateMachineArn = arnOf(context, 'stateMachine', name);
  checkDefinition(definition);
  const existing = context.store.getStateMachine(stateMachineArn);
  if (existing && (existing.definition !== definition || existing.roleArn !== roleArn || existing.type !== type)) {
    throw new ApiError('StateMachineAlreadyExists', `State Machine Already Exists: '${stateMachineArn}'`);
  }
  const machine = existing ?? { stateMachineArn, name, type, roleArn, definition, creationDate: context.now() };
  if (!existing) context.store.putStateMachine(machine);
  await context.store.flush();
  return { stateMachineArn, creationDate: toSeconds(machine.creationDate) };
};

function checkDefinition(definition: string): void {
  try {
    compileMachine(JSON.parse(definition) as Json);
  } catch (error) {
    if (error instanceof SyntaxError) throw invalid('INVALID_JSON_DESCRIPTION: the definition is no JSON');
    if (error instanceof InvalidDefinitionError) throw invalid(`SCHEMA_VALIDATION_FAILED: ${error.message}`);
    throw error;
  }
}

function invalid(diagnostics: string): ApiError {
  return new ApiError('InvalidDefinition', `Invalid State Machine Definition: '${diagnostics}'`);
}
