import { ApiError } from '../api-error.ts';
import type { Action } from '../context.ts';
import { data, taskToken } from '../fields.ts';
import { findJsonProblem } from '../json-text.ts';
import { readParameters, required } from '../parameters.ts';
import { answerTask } from '../task-tokens.ts';

const FIELDS = { taskToken: required(taskToken), output: required(data) };

export const SendTaskSuccess: Action = async (body, context) => {
  const { taskToken, output } = readParameters(body, FIELDS);
  const problem = findJsonProblem(output);
  if (problem) throw new ApiError('InvalidOutput', `Invalid Output: '${problem.message}'`);
  return answerTask(context, taskToken, { kind: 'succeeded', result: output });
};
