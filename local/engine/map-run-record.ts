import type { MapRunRequest } from '../asl/map-run.ts';
import { createRandom } from '../asl/random.ts';
import type { ExecutionRecord, MapRunCounts, MapRunRecord, StateMachineRecord } from '../store/store.ts';

/** Where an execution is counted. */
export const STATUS_COUNTS: Readonly<Record<ExecutionRecord['status'], keyof MapRunCounts>> = {
  RUNNING: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'timedOut',
  ABORTED: 'aborted',
};

/** The item processor as a state machine: `stateMachine:MACHINE/LABEL`. */
export function childMachine(
  { stateMachineArn, name, roleArn, creationDate, configuration }: StateMachineRecord,
  { label, definition, executionType }: MapRunRequest,
): StateMachineRecord {
  return {
    stateMachineArn: `${stateMachineArn}/${label}`,
    name: `${name}/${label}`,
    type: executionType,
    roleArn,
    definition: JSON.stringify(definition),
    creationDate,
    ...(configuration && { configuration }),
  };
}

/**
 * A map run that has begun, of items that are not known yet; it goes on under the limits that it had `before`, and may be
 * redriven now.
 */
export function newMapRun(
  { executionArn, stateMachine }: ExecutionRecord,
  request: MapRunRequest,
  machine: StateMachineRecord,
  now: number,
  before: MapRunRecord | undefined,
): MapRunRecord {
  const { mapRunArn, redriveCount, thresholds } = request;
  const {
    startDate = now,
    maxConcurrency = request.maxConcurrency,
    toleratedFailureCount: count = thresholds.count,
    toleratedFailurePercentage: percentage = thresholds.percentage,
  } = before ?? {};
  const redriveDate = before?.redriveCount === redriveCount ? before.redriveDate : now;
  return {
    mapRunArn,
    executionArn,
    stateMachineArn: stateMachine.stateMachineArn,
    childMachineArn: machine.stateMachineArn,
    startDate,
    status: 'RUNNING',
    ...(redriveCount > 0 && redriveDate !== undefined && { redriveCount, redriveDate }),
    maxConcurrency,
    ...(count !== undefined && { toleratedFailureCount: count }),
    ...(percentage !== undefined && { toleratedFailurePercentage: percentage }),
    itemCounts: noCounts(),
    executionCounts: noCounts(),
  };
}

/** Counts a child in another status than before; without `from` it is a new one. */
export function countChild(
  { executionCounts, itemCounts }: MapRunRecord,
  { itemCount }: { readonly itemCount: number },
  from: keyof MapRunCounts | undefined,
  to: keyof MapRunCounts,
): void {
  for (const [counts, amount] of [
    [executionCounts, 1],
    [itemCounts, itemCount],
  ] as const) {
    counts[from ?? 'total'] += from ? -amount : amount;
    counts[to] += amount;
  }
}

function noCounts(): MapRunCounts {
  return { pending: 0, running: 0, succeeded: 0, failed: 0, timedOut: 0, aborted: 0, total: 0, resultsWritten: 0 };
}

/** `arn:...:execution:MACHINE/LABEL:NAME`, or `arn:...:express:MACHINE/LABEL:NAME:ID` */
export function childArn({ stateMachineArn, type }: StateMachineRecord, mapRunArn: string, name: string): string {
  if (type === 'STANDARD') return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
  const id = createRandom(`${mapRunArn} ${name}`).uuid();
  return `${stateMachineArn.replace(':stateMachine:', ':express:')}:${name}:${id}`;
}
