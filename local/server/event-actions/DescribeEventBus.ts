import type { EventBusRecord } from '../../store/store.ts';
import { type Action, toSeconds } from '../context.ts';
import { findBus } from '../event-buses.ts';
import { busNameOrArn } from '../event-fields.ts';
import { readParameters } from '../parameters.ts';

export const DescribeEventBus: Action = (body, context) => {
  const { Name } = readParameters(body, { Name: busNameOrArn });
  return describeBus(findBus(context, Name));
};

/** Nothing changes a bus here, so it was last modified when it was created. */
export function describeBus({ eventBusArn, name, description, creationDate }: EventBusRecord) {
  return {
    Name: name,
    Arn: eventBusArn,
    ...(description !== undefined && { Description: description }),
    ...(creationDate !== undefined && {
      CreationTime: toSeconds(creationDate),
      LastModifiedTime: toSeconds(creationDate),
    }),
  };
}
