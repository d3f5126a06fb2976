import { ApiError } from '../api-error.ts';
import { type Action, findStateMachine, toSeconds } from '../context.ts';
import { arn, description } from '../fields.ts';
import { readParameters, required, text } from '../parameters.ts';
import { publishVersion } from '../versions.ts';

/** "To specify an initial revision ID for a state machine with no revision ID assigned" (API reference). */
const INITIAL = 'INITIAL';

const FIELDS = { stateMachineArn: required(arn), revisionId: text({}), description };

/** Idempotent: a revision is published once. */
export const PublishStateMachineVersion: Action = async (body, context) => {
  const { stateMachineArn, revisionId, description } = readParameters(body, FIELDS);
  const machine = findStateMachine(context, stateMachineArn);
  const current = machine.revisionId ?? INITIAL;
  if (revisionId !== undefined && revisionId !== current) {
    throw new ApiError(
      'ConflictException',
      `Failed to publish the State Machine version for revision ${revisionId}. The current State Machine revision is ${current}.`,
    );
  }
  const { creationDate, stateMachineVersionArn } = publishVersion(context, machine, description);
  await context.store.flush();
  return { creationDate: toSeconds(creationDate), stateMachineVersionArn };
};
