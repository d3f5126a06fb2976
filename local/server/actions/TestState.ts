import { isObject, type Json, type JsonObject } from '../../asl/json.ts';
import type { StateTestResult } from '../../asl/test-state.ts';
import { ApiError } from '../api-error.ts';
import { checkRoleArn } from '../arns.ts';
import { type Action, arnOf } from '../context.ts';
import { arn, cause, data, definition, error, name } from '../fields.ts';
import { findJsonProblem } from '../json-text.ts';
import { boolean, integer, oneOf, readParameters, required, structure } from '../parameters.ts';
import { checkInput } from '../start.ts';
import { checkMock, invalid, readContext, readTestedState, type TestedState } from '../tested-state.ts';

/** "The TestState API can run for up to five minutes" (API reference). */
const TIMEOUT_SECONDS = 300;

const count = integer(0, Number.MAX_SAFE_INTEGER);

const FIELDS = {
  definition: required(definition),
  roleArn: arn,
  input: data,
  inspectionLevel: oneOf('INFO', 'DEBUG', 'TRACE'),
  revealSecrets: boolean,
  variables: data,
  stateName: name,
  mock: structure({
    result: data,
    errorOutput: structure({ error, cause }),
    // Results are not compared with the models of the services, in any mode.
    fieldValidationMode: oneOf('STRICT', 'PRESENT', 'NONE'),
  }),
  context: data,
  stateConfiguration: structure({
    retrierRetryCount: count,
    errorCausedByState: name,
    mapIterationFailureCount: count,
    mapItemReaderData: data,
  }),
};

/** Runs one state alone, with what is mocked of the world, and tells what it came to. */
export const TestState: Action = async (body, context) => {
  const request = readParameters(body, FIELDS);
  const { roleArn, input = '{}', mock, stateConfiguration } = request;
  if (roleArn !== undefined) checkRoleArn(roleArn);
  checkSecrets(request.revealSecrets, mock !== undefined);
  const tested = readTestedState(request.definition, request.stateName);
  checkMock(tested, mock, roleArn);
  if (request.context !== undefined && !mock) throw invalid('Context can only be specified together with a mock');
  checkInput(input);
  const [machineName, executionName] = [context.uuid(), context.uuid()];
  const result = await context.engine.test({
    state: tested.state,
    stateName: tested.name,
    start: {
      executionArn: arnOf(context, 'express', `${machineName}:${executionName}`),
      executionName,
      stateMachineArn: arnOf(context, 'stateMachine', machineName),
      stateMachineName: machineName,
      roleArn: roleArn ?? '',
      type: 'EXPRESS',
      input,
    },
    variables: readVariables(request.variables),
    mock: mock && (mock.result === undefined ? present(mock.errorOutput) : { result: mock.result }),
    context: request.context === undefined ? undefined : readContext(request.context, tested),
    retryCount: stateConfiguration?.retrierRetryCount ?? 0,
    failedIterations: stateConfiguration?.mapIterationFailureCount ?? 0,
    timeoutSeconds: TIMEOUT_SECONDS,
  });
  const isInspected = (request.inspectionLevel ?? 'INFO') !== 'INFO';
  return { ...describe(result), ...(isInspected && { inspectionData: inspect(tested, input, result) }) };
};

function checkSecrets(revealSecrets: boolean | undefined, isMocked: boolean): void {
  if (!revealSecrets) return;
  if (isMocked) throw invalid('TestState does not support RevealSecrets when a mock is specified.');
  throw new ApiError('AccessDeniedException', 'There are no connections here whose secrets could be revealed');
}

function readVariables(text = '{}'): JsonObject {
  const variables = findJsonProblem(text) ? undefined : (JSON.parse(text) as Json);
  if (!isObject(variables)) throw invalid('Variables must be a valid JSON object');
  return variables;
}

function present(output: { error: string | undefined; cause: string | undefined } | undefined) {
  const { error, cause } = output ?? {};
  return { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
}

function describe({ status, failure, output, next }: StateTestResult): JsonObject {
  const { error, cause } = failure ?? {};
  return {
    status,
    ...(output !== undefined && { output }),
    ...present({ error, cause }),
    ...(next !== undefined && { nextState: next }),
  };
}

/** What AWS shows of the way through the state, as recorded there. */
function inspect({ type, language, definition }: TestedState, input: string, result: StateTestResult): JsonObject {
  const { inspection, variables } = result;
  const { maxConcurrency, toleratedFailureCount, toleratedFailurePercentage } = inspection;
  const isPath = language === 'JSONPath';
  const hasResult = type === 'Pass' && 'Result' in definition;
  const hasWork = ['Task', 'Pass', 'Map', 'Parallel'].includes(type);
  const { effectiveInput = 'InputPath' in definition ? undefined : (JSON.parse(input) as Json) } = inspection;
  const { catchIndex, retryIndex, retryDelaySeconds } = inspection;
  const errorDetails = {
    ...(catchIndex !== undefined && { catchIndex }),
    ...(retryIndex !== undefined && { retryIndex }),
    ...(retryDelaySeconds !== undefined && { retryBackoffIntervalSeconds: Math.round(retryDelaySeconds) }),
  };
  return {
    input,
    ...(isPath && !hasResult && texts({ afterInputPath: effectiveInput })),
    ...(isPath && texts({ afterParameters: inspection.argument, afterItemsPath: inspection.items })),
    ...(!isPath && 'Arguments' in definition && texts({ afterArguments: inspection.argument })),
    ...texts({ afterItemSelector: inspection.itemInputs, result: inspection.result }),
    ...(isPath && hasWork && texts({ afterResultSelector: inspection.afterResultSelector })),
    ...(isPath && hasWork && texts({ afterResultPath: inspection.afterResultPath })),
    ...(Object.keys(variables).length > 0 && { variables: JSON.stringify(variables) }),
    ...(maxConcurrency !== undefined && { maxConcurrency }),
    ...(toleratedFailureCount !== undefined && { toleratedFailureCount }),
    ...(toleratedFailurePercentage !== undefined && { toleratedFailurePercentage }),
    ...(Object.keys(errorDetails).length > 0 && { errorDetails }),
  };
}

function texts(values: Readonly<Record<string, Json | undefined>>): JsonObject {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([key, value]) => [key, JSON.stringify(value)]));
}
