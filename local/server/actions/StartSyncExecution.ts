import { ApiError } from '../api-error.ts';
import { type Action, toSeconds } from '../context.ts';
import { describePayload } from '../describe.ts';
import { includedData } from '../fields.ts';
import { readParameters } from '../parameters.ts';
import { expressArn, readStart } from '../start.ts';

/** "Rounded up to the nearest 100 ms" (pricing of express workflows), and the least memory billed. */
const BILLED_STEP_MS = 100;
const BILLED_MEMORY_MB = 64;

/** Runs an EXPRESS state machine, and answers when the execution has ended. */
export const StartSyncExecution: Action = async (body, context) => {
  const { machine, execution, runTask } = readStart(body, context);
  const request = readParameters(body, { includedData });
  if (machine.type !== 'EXPRESS') {
    const message = 'This operation is not supported by this type of state machine';
    throw new ApiError('StateMachineTypeNotSupported', message);
  }
  const executionArn = expressArn(context, machine.name, execution.name);
  const record = context.engine.start(machine, { ...execution, executionArn }, runTask);
  await context.engine.finished(executionArn);
  const { name, status, startDate, stopDate = startDate, traceHeader } = record;
  const steps = Math.max(1, Math.ceil((stopDate - startDate) / BILLED_STEP_MS));
  return {
    executionArn,
    stateMachineArn: machine.stateMachineArn,
    name,
    status,
    startDate: toSeconds(startDate),
    stopDate: toSeconds(stopDate),
    ...describePayload(record, request.includedData),
    ...(traceHeader !== undefined && { traceHeader }),
    billingDetails: { billedDurationInMilliseconds: steps * BILLED_STEP_MS, billedMemoryUsedInMB: BILLED_MEMORY_MB },
  };
};
