import { ApiError } from '../api-error.ts';
import type { Action } from '../context.ts';
import { busArnOf, DEFAULT_BUS, rulesOf } from '../event-buses.ts';
import { busName } from '../event-fields.ts';
import { readParameters, required } from '../parameters.ts';

/** A bus that is not there is no error. "All rules associated with this event bus need to be deleted" (API reference). */
export const DeleteEventBus: Action = async (body, context) => {
  const { Name } = readParameters(body, { Name: required(busName) });
  if (Name === DEFAULT_BUS) throw new ApiError('ValidationException', `Cannot delete event bus ${Name}.`);
  if (rulesOf(context, Name).length > 0) {
    throw new ApiError('ValidationException', `Event bus ${Name} can't be deleted since it has rules.`);
  }
  context.store.eventBuses.delete(busArnOf(context, Name));
  await context.store.flush();
  return {};
};
