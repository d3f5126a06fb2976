import { ApiError } from '../api-error.ts';
import type { Action } from '../context.ts';
import { findBus, ruleArnOf } from '../event-buses.ts';
import { busNameOrArn, force, ruleName } from '../event-fields.ts';
import { readParameters, required } from '../parameters.ts';

const FIELDS = { Name: required(ruleName), EventBusName: busNameOrArn, Force: force };

/** A rule that is not there is no error. */
export const DeleteRule: Action = async (body, context) => {
  const { Name, EventBusName } = readParameters(body, FIELDS);
  const ruleArn = ruleArnOf(context, findBus(context, EventBusName).name, Name);
  const { targets = [] } = context.store.rules.get(ruleArn) ?? {};
  if (targets.length > 0) throw new ApiError('ValidationException', "Rule can't be deleted since it has targets.");
  context.store.rules.delete(ruleArn);
  await context.store.flush();
  return {};
};
