import { ApiError } from '../api-error.ts';
import { type Action, findExecution, toSeconds } from '../context.ts';
import { arn } from '../fields.ts';
import { readParameters, required, text } from '../parameters.ts';
import { whyNotRedrivable } from '../redrive.ts';

const FIELDS = { executionArn: required(arn), clientToken: text({ least: 1, most: 64, pattern: '[!-~]+' }) };

/** "The last 10 client tokens ... are valid for up to 15 minutes after they are first used" (API reference). */
const MAX_TOKENS = 10;
const TOKEN_MS = 15 * 60 * 1000;

/** Goes on with an execution from where it failed, timed out or was stopped. */
export const RedriveExecution: Action = async (body, context) => {
  const { executionArn, clientToken } = readParameters(body, FIELDS);
  const execution = findExecution(context, executionArn);
  const { clock, engine, store } = context;
  const tokens = (execution.redriveTokens ?? []).filter(({ date }) => clock.now() - date <= TOKEN_MS);
  const before = tokens.find(({ token }) => token === clientToken);
  if (before) return { redriveDate: toSeconds(before.date) };
  const isChild = execution.mapRunArn !== undefined;
  const reason = isChild ? 'Execution can only be redriven by its Map Run' : whyNotRedrivable(context, execution);
  if (reason !== undefined) throw new ApiError('ExecutionNotRedrivable', reason);
  const redriveDate = clock.now();
  const used = clientToken === undefined ? [] : [{ token: clientToken, date: redriveDate }];
  engine.redrive(execution, { redriveDate, redriveTokens: [...tokens, ...used].slice(-MAX_TOKENS) });
  await store.flush();
  return { redriveDate: toSeconds(redriveDate) };
};
