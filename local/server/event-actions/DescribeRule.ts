import type { RuleRecord } from '../../store/store.ts';
import type { Action } from '../context.ts';
import { findRule } from '../event-buses.ts';
import { busNameOrArn, ruleName } from '../event-fields.ts';
import { readParameters, required } from '../parameters.ts';

export const DescribeRule: Action = (body, context) => {
  const { Name, EventBusName } = readParameters(body, { Name: required(ruleName), EventBusName: busNameOrArn });
  return { ...describeRule(findRule(context, Name, EventBusName)), CreatedBy: context.accountId };
};

export function describeRule({ ruleArn, name, eventBusName, eventPattern, state, description, roleArn }: RuleRecord) {
  return {
    Name: name,
    Arn: ruleArn,
    EventPattern: eventPattern,
    State: state,
    ...(description !== undefined && { Description: description }),
    ...(roleArn !== undefined && { RoleArn: roleArn }),
    EventBusName: eventBusName,
  };
}
