import type { ExecutionRecord, Store } from '../../store/store.ts';
import { ApiError } from '../api-error.ts';
import { checkArn, withoutQualifier } from '../arns.ts';
import { type Action, findMapRun, type ServerContext, stateMachineDoesNotExist } from '../context.ts';
import { describeExecution } from '../describe.ts';
import { arn, longArn, pageSize } from '../fields.ts';
import { invalidToken, readToken, takePage } from '../pages.ts';
import { oneOf, readParameters, text } from '../parameters.ts';

const FIELDS = {
  stateMachineArn: arn,
  // In the order of AWS's own message.
  statusFilter: oneOf('SUCCEEDED', 'TIMED_OUT', 'PENDING_REDRIVE', 'ABORTED', 'FAILED', 'RUNNING'),
  maxResults: pageSize,
  nextToken: text({ least: 1, most: 3096 }),
  mapRunArn: longArn,
  redriveFilter: oneOf('NOT_REDRIVEN', 'REDRIVEN'),
};

/** The last one started first: of a state machine, of one of its versions or aliases, or of a map run. */
export const ListExecutions: Action = (body, context) => {
  const { stateMachineArn, mapRunArn, statusFilter, redriveFilter, maxResults, nextToken } = readParameters(
    body,
    FIELDS,
  );
  if ((stateMachineArn === undefined) === (mapRunArn === undefined)) {
    throw new ApiError('ValidationException', 'Must provide a StateMachine ARN or MapRun ARN');
  }
  const machineArn =
    stateMachineArn === undefined
      ? findMapRun(context, mapRunArn ?? '').childMachineArn
      : checkListable(context, stateMachineArn);
  const before = readToken(nextToken);
  if (before !== undefined && !context.store.getExecution(before)) throw invalidToken();
  const matches = (execution: ExecutionRecord): boolean =>
    execution.stateMachine.type === 'STANDARD' && // AWS lists no others
    (statusFilter === undefined || execution.status === statusFilter) &&
    (redriveFilter === undefined || (redriveFilter === 'REDRIVEN') === (execution.redriveCount ?? 0) > 0) &&
    originsOf(execution).includes(stateMachineArn ?? mapRunArn);
  const executions = filtered(context.store, machineArn, before, matches);
  const { page, next } = takePage(executions, ({ executionArn }) => executionArn, { maxResults, nextToken: undefined });
  return {
    executions: page.map((execution) => ({
      ...describeExecution(execution),
      ...(mapRunArn !== undefined && { mapRunArn, itemCount: execution.itemCount ?? 0 }),
    })),
    ...next,
  };
};

/** What an execution may be listed by. */
function originsOf({ stateMachine, stateMachineVersionArn, stateMachineAliasArn, mapRunArn }: ExecutionRecord) {
  return [stateMachine.stateMachineArn, stateMachineVersionArn, stateMachineAliasArn, mapRunArn];
}

/** Returns the state machine that an ARN belongs to. Throws InvalidArn, StateMachineDoesNotExist, StateMachineTypeNotSupported. */
function checkListable({ store }: ServerContext, stateMachineArn: string): string {
  checkArn(stateMachineArn, 'stateMachine');
  const isThere =
    store.stateMachines.get(stateMachineArn) ??
    store.versions.get(stateMachineArn) ??
    store.aliases.get(stateMachineArn);
  const machine = isThere && store.stateMachines.get(withoutQualifier(stateMachineArn));
  if (!machine) throw stateMachineDoesNotExist(stateMachineArn);
  if (machine.type === 'EXPRESS') {
    const message = 'This operation is not supported by this type of state machine';
    throw new ApiError('StateMachineTypeNotSupported', message);
  }
  return machine.stateMachineArn;
}

function* filtered(
  store: Store,
  stateMachineArn: string,
  before: string | undefined,
  matches: (execution: ExecutionRecord) => boolean,
) {
  for (const execution of store.listExecutions(stateMachineArn, before)) if (matches(execution)) yield execution;
}
