import { type Action, findExecution, toSeconds } from '../context.ts';
import { arn, cause, error } from '../fields.ts';
import { readParameters, required } from '../parameters.ts';

const FIELDS = { executionArn: required(arn), error, cause };

export const StopExecution: Action = async (body, context) => {
  const { executionArn, error, cause } = readParameters(body, FIELDS);
  const execution = findExecution(context, executionArn);
  await context.engine.stop(executionArn, {
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
  });
  await context.store.flush();
  return { stopDate: toSeconds(execution.stopDate ?? context.clock.now()) };
};
