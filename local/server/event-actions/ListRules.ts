import type { Action } from '../context.ts';
import { findBus, rulesOf } from '../event-buses.ts';
import { busNameOrArn, ruleName } from '../event-fields.ts';
import { EVENT_PAGE, takeEventPage } from '../event-pages.ts';
import { readParameters } from '../parameters.ts';
import { describeRule } from './DescribeRule.ts';

const FIELDS = { NamePrefix: ruleName, EventBusName: busNameOrArn, ...EVENT_PAGE };

/** By name. */
export const ListRules: Action = (body, context) => {
  const { NamePrefix = '', EventBusName, ...request } = readParameters(body, FIELDS);
  const rules = rulesOf(context, findBus(context, EventBusName).name);
  const named = rules.filter(({ name }) => name.startsWith(NamePrefix));
  const { page, next } = takeEventPage(named, ({ ruleArn }) => ruleArn, request);
  return { Rules: page.map(describeRule), ...next };
};
