import { ApiError } from '../api-error.ts';
import { type Action, findMapRun } from '../context.ts';
import { longArn } from '../fields.ts';
import { integer, number, readParameters, required } from '../parameters.ts';

/** The largest Java int, the type of these numbers. */
const MAX_INTEGER = 2 ** 31 - 1;

const LIMITS = {
  maxConcurrency: integer(0, MAX_INTEGER),
  toleratedFailurePercentage: number(0, 100),
  toleratedFailureCount: integer(0, Number.MAX_SAFE_INTEGER),
};

const FIELDS = { mapRunArn: required(longArn), ...LIMITS };

/** Changes the limits of a running map run, which take effect at once. */
export const UpdateMapRun: Action = async (body, context) => {
  const { mapRunArn, ...limits } = readParameters(body, FIELDS);
  findMapRun(context, mapRunArn);
  const given = Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined));
  if (Object.keys(given).length === 0) {
    throw new ApiError('ValidationException', `Provide one or more of: ${Object.keys(LIMITS).join(', ')}`);
  }
  if (!context.engine.mapRuns.update(mapRunArn, given)) {
    throw new ApiError('ValidationException', `The Map Run '${mapRunArn}' has ended and cannot be updated`);
  }
  await context.store.flush();
  return {};
};
