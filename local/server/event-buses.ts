import type { EventBusRecord, RuleRecord } from '../store/store.ts';
import { ApiError } from './api-error.ts';
import type { ServerContext } from './context.ts';

/** Each account has it; it is not created, and cannot be deleted. */
export const DEFAULT_BUS = 'default';

/** `arn:aws:events:REGION:ACCOUNT:event-bus/NAME` */
export function busArnOf({ region, accountId }: ServerContext, name: string): string {
  return `arn:aws:events:${region}:${accountId}:event-bus/${name}`;
}

/** `...:rule/NAME` on the default bus, `...:rule/BUS/NAME` on others. */
export function ruleArnOf({ region, accountId }: ServerContext, busName: string, name: string): string {
  const path = busName === DEFAULT_BUS ? name : `${busName}/${name}`;
  return `arn:aws:events:${region}:${accountId}:rule/${path}`;
}

/** The name of a bus given by its name or its ARN. */
export function busNameOf(nameOrArn = DEFAULT_BUS): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn.slice(nameOrArn.indexOf('/') + 1) : nameOrArn;
}

export function getBus(context: ServerContext, name: string): EventBusRecord | undefined {
  const eventBusArn = busArnOf(context, name);
  return name === DEFAULT_BUS ? { eventBusArn, name } : context.store.eventBuses.get(eventBusArn);
}

/** Throws ResourceNotFoundException. */
export function findBus(context: ServerContext, nameOrArn: string | undefined): EventBusRecord {
  const name = busNameOf(nameOrArn);
  const bus = getBus(context, name);
  if (!bus) throw new ApiError('ResourceNotFoundException', `Event bus ${name} does not exist.`);
  return bus;
}

/** Throws ResourceNotFoundException, of the bus or of the rule. */
export function findRule(context: ServerContext, name: string, busNameOrArn: string | undefined): RuleRecord {
  const bus = findBus(context, busNameOrArn);
  const rule = context.store.rules.get(ruleArnOf(context, bus.name, name));
  if (!rule) {
    throw new ApiError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${bus.name}.`);
  }
  return rule;
}

/** The rules of a bus, by name. */
export function rulesOf({ store }: ServerContext, busName: string): RuleRecord[] {
  const rules = store.rules.list().filter(({ eventBusName }) => eventBusName === busName);
  return rules.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
