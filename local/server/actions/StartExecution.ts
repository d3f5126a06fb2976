import type { ExecutionRecord } from '../../store/store.ts';
import { ApiError } from '../api-error.ts';
import { type Action, arnOf, toSeconds } from '../context.ts';
import { expressArn, readStart } from '../start.ts';

/** Starts an execution of a state machine, of a version, or of the version that an alias routes to. */
export const StartExecution: Action = async (body, context) => {
  const { machine, execution, runTask } = readStart(body, context);
  if (machine.type === 'EXPRESS') {
    const executionArn = expressArn(context, machine.name, execution.name);
    const { startDate } = context.engine.start(machine, { ...execution, executionArn }, runTask);
    return { executionArn, startDate: toSeconds(startDate) };
  }
  const executionArn = arnOf(context, 'execution', `${machine.name}:${execution.name}`);
  const existing = context.store.getExecution(executionArn);
  if (existing) return answerAgain(existing, execution.input);
  const { startDate } = context.engine.start(machine, { ...execution, executionArn }, runTask);
  await context.store.flush();
  return { executionArn, startDate: toSeconds(startDate) };
};

/** "StartExecution is idempotent for STANDARD workflows" while the execution of that name and input runs. */
function answerAgain({ executionArn, input, status, startDate }: ExecutionRecord, text: string) {
  if (status === 'RUNNING' && input === text) return { executionArn, startDate: toSeconds(startDate) };
  throw new ApiError('ExecutionAlreadyExists', `Execution Already Exists: '${executionArn}'`);
}
