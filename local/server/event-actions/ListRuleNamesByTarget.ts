import type { Action } from '../context.ts';
import { findBus, rulesOf } from '../event-buses.ts';
import { busNameOrArn, longArn } from '../event-fields.ts';
import { EVENT_PAGE, takeEventPage } from '../event-pages.ts';
import { readParameters, required } from '../parameters.ts';

const FIELDS = { TargetArn: required(longArn), EventBusName: busNameOrArn, ...EVENT_PAGE };

/** By name. */
export const ListRuleNamesByTarget: Action = (body, context) => {
  const { TargetArn, EventBusName, ...request } = readParameters(body, FIELDS);
  const rules = rulesOf(context, findBus(context, EventBusName).name);
  const aimed = rules.filter(({ targets }) => targets.some(({ Arn }) => Arn === TargetArn));
  const { page, next } = takeEventPage(aimed, ({ name }) => name, request);
  return { RuleNames: page.map(({ name }) => name), ...next };
};
