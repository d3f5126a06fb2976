import type { Action } from '../context.ts';
import { taskToken } from '../fields.ts';
import { readParameters, required } from '../parameters.ts';
import { answerTask } from '../task-tokens.ts';

const FIELDS = { taskToken: required(taskToken) };

export const SendTaskHeartbeat: Action = async (body, context) => {
  const { taskToken } = readParameters(body, FIELDS);
  return answerTask(context, taskToken, { kind: 'heartbeat' });
};
