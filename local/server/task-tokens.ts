import { readTaskToken } from '../asl/task-token.ts';
import type { TaskAnswer } from '../engine/live-waits.ts';
import { ApiError } from './api-error.ts';
import type { ServerContext } from './context.ts';

/** Throws InvalidToken for a text that is no token, TaskTimedOut where the task has ended. */
export async function answerTask(
  { engine, store }: ServerContext,
  taskToken: string,
  answer: TaskAnswer,
): Promise<Record<string, never>> {
  if (readTaskToken(taskToken) === undefined) throw new ApiError('InvalidToken', "Invalid Token: 'Invalid token'");
  if (!(await engine.answerTask(taskToken, answer))) {
    throw new ApiError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
  }
  await store.flush();
  return {};
}
