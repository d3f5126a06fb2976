import type { Action } from '../context.ts';
import { DEFAULT_BUS, findBus } from '../event-buses.ts';
import { busName } from '../event-fields.ts';
import { EVENT_PAGE, takeEventPage } from '../event-pages.ts';
import { readParameters } from '../parameters.ts';
import { describeBus } from './DescribeEventBus.ts';

/** By name. */
export const ListEventBuses: Action = (body, context) => {
  const { NamePrefix = '', ...request } = readParameters(body, { NamePrefix: busName, ...EVENT_PAGE });
  const all = [findBus(context, DEFAULT_BUS), ...context.store.eventBuses.list()];
  const named = all.filter(({ name }) => name.startsWith(NamePrefix)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const { page, next } = takeEventPage(named, ({ name }) => name, request);
  return { EventBuses: page.map(describeBus), ...next };
};
