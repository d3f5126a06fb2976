import type { Json } from '../../asl/json.ts';
import type { Action } from '../context.ts';
import { findRule } from '../event-buses.ts';
import { busNameOrArn, ruleName } from '../event-fields.ts';
import { EVENT_PAGE, takeEventPage } from '../event-pages.ts';
import { readParameters, required } from '../parameters.ts';

const FIELDS = { Rule: required(ruleName), EventBusName: busNameOrArn, ...EVENT_PAGE };

export const ListTargetsByRule: Action = (body, context) => {
  const { Rule, EventBusName, ...request } = readParameters(body, FIELDS);
  const { targets } = findRule(context, Rule, EventBusName);
  const { page, next } = takeEventPage(targets, ({ Id }) => Id, request);
  return { Targets: page as unknown as Json[], ...next };
};
