import { type Action, findExecution, toSeconds } from '../context.ts';
import { arn } from '../fields.ts';
import { PAGE, takePage } from '../pages.ts';
import { readParameters, required } from '../parameters.ts';

const FIELDS = { executionArn: required(arn), ...PAGE };

/** The map runs of an execution, the last one started first. */
export const ListMapRuns: Action = (body, context) => {
  const { executionArn, ...request } = readParameters(body, FIELDS);
  findExecution(context, executionArn);
  const mapRuns = context.store.mapRuns.list().filter((mapRun) => mapRun.executionArn === executionArn);
  const { page, next } = takePage(mapRuns.reverse(), ({ mapRunArn }) => mapRunArn, request);
  return {
    mapRuns: page.map(({ mapRunArn, stateMachineArn, startDate, stopDate }) => ({
      executionArn,
      mapRunArn,
      stateMachineArn,
      startDate: toSeconds(startDate),
      ...(stopDate !== undefined && { stopDate: toSeconds(stopDate) }),
    })),
    ...next,
  };
};
