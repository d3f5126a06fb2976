import { DeliveryFailure } from '../events/deliveries.ts';
import { StoreError } from '../store/store.ts';
import { StartExecution } from './actions/StartExecution.ts';
import { ApiError } from './api-error.ts';
import type { ServerContext } from './context.ts';
import { queueNameOf } from './queues.ts';

/**
 * Starts an execution for an event. One of an EXPRESS state machine is awaited: it is not stored, so its event is, until
 * it has ended. Throws DeliveryFailure.
 */
export async function invokeStateMachine(
  context: ServerContext,
  stateMachineArn: string,
  name: string,
  input: string,
): Promise<void> {
  try {
    const body = { stateMachineArn, name, input };
    const { executionArn } = await StartExecution(body, context, new AbortController().signal);
    if (String(executionArn).split(':')[5] === 'express') await context.engine.finished(String(executionArn));
  } catch (error) {
    if (error instanceof StoreError) throw new DeliveryFailure('INTERNAL_ERROR', error.message, true);
    if (!(error instanceof ApiError)) throw error;
    // Delivered by an earlier process, which did not come to note it.
    if (error.type === 'ExecutionAlreadyExists') return;
    throw new DeliveryFailure(error.type, error.message, false);
  }
}

/**
 * Sends an event that could not be delivered to the dead-letter queue of its target, or drops it where that has none.
 * Resolves with false when the queue cannot take it.
 */
export async function giveUpEvent(
  { queues, uuid }: ServerContext,
  report: (line: string) => void,
  queueArn: string | undefined,
  body: string,
  attributes: Readonly<Record<string, string>>,
): Promise<boolean> {
  const { TARGET_ARN, ERROR_CODE, ERROR_MESSAGE } = attributes;
  const queue = queueNameOf(queueArn);
  const end = queue === undefined ? 'dropped, as the target has no dead-letter queue' : `sent to queue ${queue}`;
  report(`Event not delivered to ${TARGET_ARN} (${ERROR_CODE}: ${ERROR_MESSAGE}), ${end}`);
  if (queue === undefined) return true;
  try {
    await queues.send(queue, { MessageId: uuid(), Body: body, MessageAttributes: attributes });
    return true;
  } catch (error) {
    report(`Queue ${queue} cannot be written: ${(error as Error).message}`);
    return false;
  }
}
