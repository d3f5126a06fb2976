import type { Action } from '../context.ts';
import { findRule } from '../event-buses.ts';
import { busNameOrArn, force, ruleName, targetIds } from '../event-fields.ts';
import { readParameters, required } from '../parameters.ts';

const FIELDS = { Rule: required(ruleName), EventBusName: busNameOrArn, Ids: required(targetIds), Force: force };

export const RemoveTargets: Action = async (body, context) => {
  const { Rule, EventBusName, Ids } = readParameters(body, FIELDS);
  const rule = findRule(context, Rule, EventBusName);
  const unknown = Ids.filter((id) => !rule.targets.some(({ Id }) => Id === id));
  context.store.rules.put({ ...rule, targets: rule.targets.filter(({ Id }) => !Ids.includes(Id)) });
  await context.store.flush();
  const FailedEntries = unknown.map((TargetId) => ({
    TargetId,
    ErrorCode: 'ResourceNotFoundException',
    ErrorMessage: `Rule ${Rule} does not have a target with the Id ${TargetId}.`,
  }));
  return { FailedEntryCount: FailedEntries.length, FailedEntries };
};
