import { ApiError } from '../api-error.ts';
import type { Action } from '../context.ts';
import { busArnOf, getBus } from '../event-buses.ts';
import { busName, description } from '../event-fields.ts';
import { readParameters, required } from '../parameters.ts';

const FIELDS = { Name: required(busName), Description: description };

export const CreateEventBus: Action = async (body, context) => {
  const { Name, Description } = readParameters(body, FIELDS);
  if (Name.includes('/')) {
    throw new ApiError('ValidationException', `Event bus name '${Name}' must not contain '/', which partners' have`);
  }
  if (getBus(context, Name)) {
    throw new ApiError('ResourceAlreadyExistsException', `Event bus ${Name} already exists.`);
  }
  const eventBusArn = busArnOf(context, Name);
  const described = Description === undefined ? undefined : { description: Description };
  context.store.eventBuses.put({ eventBusArn, name: Name, creationDate: context.clock.now(), ...described });
  await context.store.flush();
  return { EventBusArn: eventBusArn, ...(Description !== undefined && { Description }) };
};
