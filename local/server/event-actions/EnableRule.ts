import type { Action, ServerContext } from '../context.ts';
import { findRule } from '../event-buses.ts';
import { busNameOrArn, ruleName } from '../event-fields.ts';
import { readParameters, required } from '../parameters.ts';

export const EnableRule: Action = (body, context) => setState(body, context, 'ENABLED');

export async function setState(body: Parameters<Action>[0], context: ServerContext, state: string) {
  const { Name, EventBusName } = readParameters(body, { Name: required(ruleName), EventBusName: busNameOrArn });
  context.store.rules.put({ ...findRule(context, Name, EventBusName), state });
  await context.store.flush();
  return {};
}
