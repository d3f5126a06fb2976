import { useState } from 'react';
import { type ExecutionList, listExecutions } from '../../model/execution-list.ts';
import { stepFunctions } from '../api/step-functions.ts';
import type { ExecutionItem } from '../api/types.ts';
import { usePolled } from '../api/use-polled.ts';
import { useParameter } from '../router.ts';

/** So many are listed at first, and more of them each time that older ones are asked for: there may be millions. */
const STEP = 10_000;

/** Those that ListExecutions filters by (API reference). */
export const EXECUTION_STATUSES = [
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'TIMED_OUT',
  'ABORTED',
  'PENDING_REDRIVE',
] as const;

/** The executions of a state machine or of a map run, of the status that the address names or all, as they come and go. */
export function useExecutionList(of: { readonly stateMachineArn: string } | { readonly mapRunArn: string }) {
  const [given, setStatus] = useParameter('status');
  const status = EXECUTION_STATUSES.find((known) => known === given);
  const [most, setMost] = useState(STEP);
  const query = { ...of, statusFilter: status };
  const polled = usePolled<ExecutionList<ExecutionItem>>(JSON.stringify(query), (before, report) =>
    listExecutions(before, {
      listPage: (maxResults, nextToken) => stepFunctions('ListExecutions', { ...query, maxResults, nextToken }),
      most,
      isOfStatus: status !== undefined,
      report,
    }),
  );
  const listOlder = (): void => {
    setMost((polled.data?.executions.length ?? 0) + STEP);
    polled.refresh();
  };
  return { ...polled, status, setStatus, listOlder };
}
