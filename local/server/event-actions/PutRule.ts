import { ApiError } from '../api-error.ts';
import type { Action } from '../context.ts';
import { findBus, ruleArnOf } from '../event-buses.ts';
import { busNameOrArn, description, eventPattern, longArn, ruleName, ruleState } from '../event-fields.ts';
import { readPattern } from '../event-patterns.ts';
import { readParameters, required, text } from '../parameters.ts';

const FIELDS = {
  Name: required(ruleName),
  ScheduleExpression: text({ most: 256 }),
  EventPattern: eventPattern,
  State: ruleState,
  Description: description,
  RoleArn: longArn,
  EventBusName: busNameOrArn,
};

/** "If you are updating an existing rule, the rule is replaced with what you specify"; its targets stay (API reference). */
export const PutRule: Action = async (body, context) => {
  const { Name, EventPattern, ScheduleExpression, State = 'ENABLED', ...more } = readParameters(body, FIELDS);
  if (ScheduleExpression) throw new ApiError('ValidationException', 'ScheduleExpression: no schedules run here');
  if (!EventPattern) {
    const message = 'Parameter(s) EventPattern or ScheduleExpression must be specified.';
    throw new ApiError('ValidationException', message);
  }
  readPattern(EventPattern);
  const bus = findBus(context, more.EventBusName);
  const ruleArn = ruleArnOf(context, bus.name, Name);
  context.store.rules.put({
    ruleArn,
    name: Name,
    eventBusName: bus.name,
    eventPattern: EventPattern,
    state: State,
    ...(more.Description !== undefined && { description: more.Description }),
    ...(more.RoleArn !== undefined && { roleArn: more.RoleArn }),
    targets: context.store.rules.get(ruleArn)?.targets ?? [],
  });
  await context.store.flush();
  return { RuleArn: ruleArn };
};
