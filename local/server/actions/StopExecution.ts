import { type Action, findExecution, toSeconds } from '../context.ts';
import { optionalString, requireString } from '../parameters.ts';

export const StopExecution: Action = async (input, context) => {
  const executionArn = requireString(input, 'executionArn');
  const [error, cause] = [optionalString(input, 'error'), optionalString(input, 'cause')];
  const execution = findExecution(context, executionArn);
  await context.engine.stop(executionArn, {
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
  });
  await context.store.flush();
  return { stopDate: toSeconds(execution.stopDate ?? context.now()) };
};
