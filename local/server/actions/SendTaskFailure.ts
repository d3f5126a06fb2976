import type { Action } from '../context.ts';
import { cause, error, taskToken } from '../fields.ts';
import { readParameters, required } from '../parameters.ts';
import { answerTask } from '../task-tokens.ts';

const FIELDS = { taskToken: required(taskToken), error, cause };

export const SendTaskFailure: Action = async (body, context) => {
  const { taskToken, error, cause } = readParameters(body, FIELDS);
  return answerTask(context, taskToken, { kind: 'failed', error, cause });
};
