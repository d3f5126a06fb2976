import type { JsonObject } from '../asl/json.ts';
import type { ExecutionRecord } from '../store/store.ts';
import { toSeconds } from './context.ts';

/** What DescribeExecution and ListExecutions both tell of an execution. */
export function describeExecution(execution: ExecutionRecord): JsonObject {
  const { executionArn, name, status, startDate, stopDate, stateMachineVersionArn, stateMachineAliasArn } = execution;
  const { redriveCount = 0, redriveDate } = execution;
  return {
    executionArn,
    stateMachineArn: execution.stateMachine.stateMachineArn,
    ...(stateMachineVersionArn !== undefined && { stateMachineVersionArn }),
    ...(stateMachineAliasArn !== undefined && { stateMachineAliasArn }),
    name,
    status,
    startDate: toSeconds(startDate),
    ...(stopDate !== undefined && { stopDate: toSeconds(stopDate) }),
    redriveCount,
    ...(redriveDate !== undefined && { redriveDate: toSeconds(redriveDate) }),
  };
}

/** Input and outcome; METADATA_ONLY leaves out what may be encrypted. */
export function describePayload(
  { input, output, error, cause }: ExecutionRecord,
  includedData: 'ALL_DATA' | 'METADATA_ONLY' = 'ALL_DATA',
): JsonObject {
  if (includedData === 'METADATA_ONLY') return {};
  return {
    input,
    inputDetails: { included: true },
    ...(output !== undefined && { output, outputDetails: { included: true } }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
  };
}
