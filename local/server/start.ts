import type { JsonObject } from '../asl/json.ts';
import { isTooLarge } from '../asl/limits.ts';
import type { StateMachineRecord } from '../store/store.ts';
import type { TaskRunner } from '../tasks/task.ts';
import { chooseRoute } from './aliases.ts';
import { ApiError } from './api-error.ts';
import { checkArn } from './arns.ts';
import { arnOf, checkName, findStateMachine, type ServerContext } from './context.ts';
import { arn, data, name, traceHeader } from './fields.ts';
import { findJsonProblem } from './json-text.ts';
import { readParameters, required } from './parameters.ts';

/** The fields that StartExecution and StartSyncExecution share. */
const START = { stateMachineArn: required(arn), name, input: data, traceHeader };

/** An execution that may be started, but for its ARN. */
export interface Start {
  readonly machine: StateMachineRecord;
  readonly execution: {
    readonly name: string;
    readonly input: string;
    readonly traceHeader?: string;
    readonly testCase?: string;
    readonly stateMachineVersionArn?: string;
    readonly stateMachineAliasArn?: string;
  };
  /** Instead of the server's own, where a test case of the mock configuration is asked for. */
  readonly runTask: TaskRunner | undefined;
}

/**
 * Reads what to start and with what. A `#TestCase` behind the ARN picks a test case of the mock configuration, as in
 * Step Functions Local. Throws ValidationException, InvalidArn, InvalidName, StateMachineDoesNotExist,
 * InvalidExecutionInput.
 */
export function readStart(body: JsonObject, context: ServerContext): Start {
  const [stateMachineArn, testCase] = splitTestCase(body['stateMachineArn']);
  const request = readParameters({ ...body, ...(stateMachineArn !== undefined && { stateMachineArn }) }, START);
  const { input = '{}', traceHeader } = request;
  checkArn(request.stateMachineArn, 'stateMachine');
  const executionName = checkName(request.name ?? context.uuid());
  const { machine, ...origin } = findTarget(context, request.stateMachineArn);
  checkInput(input);
  const options = { ...(traceHeader !== undefined && { traceHeader }), ...(testCase !== undefined && { testCase }) };
  return {
    machine,
    execution: { name: executionName, input, ...options, ...origin },
    runTask: testCase === undefined ? undefined : findTestCase(context, machine.name, testCase),
  };
}

function splitTestCase(arn: unknown): [string | undefined, string | undefined] {
  if (typeof arn !== 'string') return [undefined, undefined];
  const [stateMachineArn, testCase] = arn.split('#');
  return [stateMachineArn, testCase];
}

/** The revision that an ARN of a state machine, a version or an alias starts. */
function findTarget(context: ServerContext, arn: string) {
  const alias = context.store.aliases.get(arn);
  const versionArn = alias ? chooseRoute(alias, context.random()) : arn;
  const version = context.store.versions.get(versionArn);
  return {
    machine: version?.stateMachine ?? findStateMachine(context, arn),
    ...(version && { stateMachineVersionArn: versionArn }),
    ...(alias && { stateMachineAliasArn: arn }),
  };
}

/** Throws InvalidExecutionInput. */
export function checkInput(input: string): void {
  if (input === '') throw invalidInput('Invalid execution input.');
  // The service model bounds the characters, the quota the bytes.
  if (isTooLarge(input)) throw invalidInput('Execution input exceeds the maximum number of bytes service limit.');
  const problem = findJsonProblem(input);
  if (problem) throw invalidInput(problem.message);
}

function invalidInput(why: string): ApiError {
  return new ApiError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${why}'`);
}

function findTestCase({ mocks }: ServerContext, machineName: string, testCase: string): TaskRunner {
  const runTask = mocks?.forTestCase(machineName, testCase);
  if (runTask) return runTask;
  const message = `No test case '${testCase}' of '${machineName}' in the mock configuration`;
  throw new ApiError('ValidationException', message);
}

/** Executions of EXPRESS state machines may share a name: each ARN has an id of its own. */
export function expressArn(context: ServerContext, machineName: string, executionName: string): string {
  return arnOf(context, 'express', `${machineName}:${executionName}:${context.uuid()}`);
}
