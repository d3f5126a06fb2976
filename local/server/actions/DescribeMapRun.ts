import type { MapRunCounts } from '../../store/store.ts';
import { type Action, findMapRun, toSeconds } from '../context.ts';
import { longArn } from '../fields.ts';
import { readParameters, required } from '../parameters.ts';

const FIELDS = { mapRunArn: required(longArn) };

export const DescribeMapRun: Action = (body, context) => {
  const mapRun = findMapRun(context, readParameters(body, FIELDS).mapRunArn);
  const { mapRunArn, executionArn, status, startDate, stopDate, maxConcurrency, itemCounts, executionCounts } = mapRun;
  return {
    mapRunArn,
    executionArn,
    status,
    startDate: toSeconds(startDate),
    ...(stopDate !== undefined && { stopDate: toSeconds(stopDate) }),
    maxConcurrency,
    toleratedFailurePercentage: mapRun.toleratedFailurePercentage ?? 0,
    toleratedFailureCount: mapRun.toleratedFailureCount ?? 0,
    itemCounts: describeCounts(itemCounts),
    executionCounts: describeCounts(executionCounts),
    redriveCount: mapRun.redriveCount ?? 0,
    ...(mapRun.redriveDate !== undefined && { redriveDate: toSeconds(mapRun.redriveDate) }),
  };
};

function describeCounts(counts: MapRunCounts) {
  return { ...counts, failuresNotRedrivable: 0, pendingRedrive: 0 };
}
