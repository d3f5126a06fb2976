import { isTooLarge, MAX_PAYLOAD_BYTES } from '../../asl/limits.ts';
import type { ExecutionRecord } from '../../store/store.ts';
import { ApiError } from '../api-error.ts';
import { type Action, arnOf, findStateMachine, requireName, type ServerContext, toSeconds } from '../context.ts';
import { optionalString, requireString } from '../parameters.ts';

/** A `#TestCase` behind the ARN picks a test case of the mock configuration, as in Step Functions Local. */
export const StartExecution: Action = async (input, context) => {
  const [stateMachineArn = '', testCase] = requireString(input, 'stateMachineArn').split('#');
  const name = requireName(optionalString(input, 'name') ?? context.uuid());
  const machine = findStateMachine(context, stateMachineArn);
  const text = optionalString(input, 'input') ?? '{}';
  checkInput(text);
  const executionArn = arnOf(context, 'execution', `${machine.name}:${name}`);
  const existing = context.store.getExecution(executionArn);
  if (existing) return answerAgain(existing, text);
  const runTask = testCase === undefined ? undefined : mockedTasks(context, machine.name, testCase);
  const execution = context.engine.start(machine, { executionArn, name, input: text }, runTask);
  await context.store.flush();
  return { executionArn, startDate: toSeconds(execution.startDate) };
};

function checkInput(text: string): void {
  if (isTooLarge(text)) throw invalidInput(`the input is over ${MAX_PAYLOAD_BYTES} bytes`);
  try {
    JSON.parse(text);
  } catch {
    throw invalidInput('the input is no JSON');
  }
}

function invalidInput(why: string): ApiError {
  return new ApiError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${why}'`);
}

/** "StartExecution is idempotent for STANDARD workflows" while the execution of that name and input runs. */
function answerAgain({ executionArn, input, status, startDate }: ExecutionRecord, text: string) {
  if (status === 'RUNNING' && input === text) return { executionArn, startDate: toSeconds(startDate) };
  throw new ApiError('ExecutionAlreadyExists', `Execution Already Exists: '${executionArn}'`);
}

function mockedTasks({ mocks }: ServerContext, machineName: string, testCase: string) {
  const runTask = mocks?.forTestCase(machineName, testCase);
  if (!runTask)
    throw new ApiError(
      'ValidationException',
      `No test case '${testCase}' of '${machineName}' in the mock configuration`,
    );
  return runTask;
}
