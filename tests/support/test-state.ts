import type { SFN, TestStateInput, TestStateOutput } from '@aws-sdk/client-sfn';
import { type Backoff, CONTEXT, DEFINITION, type TestStateAnswer, type TestStateCase } from './test-state-cases.ts';

/** Has a case tested, by AWS or by the local endpoint, and gives what is compared of the answer. */
export async function testStateCase(sfn: SFN, tested: TestStateCase): Promise<TestStateAnswer> {
  return compared(await sfn.testState(requestOf(tested)), tested.expected);
}

function requestOf({ state, input, variables = {}, payload, result, error, cause, retryCount = 0 }: TestStateCase) {
  const request: TestStateInput = {
    definition: DEFINITION,
    stateName: state,
    input: JSON.stringify(input ?? {}),
    variables: JSON.stringify(variables),
    inspectionLevel: 'DEBUG',
  };
  if (error === undefined && payload === undefined && result === undefined) return request;
  const failure = JSON.stringify({ errorMessage: 'of the test', errorType: 'Error', trace: [] });
  const mocked =
    error === undefined
      ? { result: JSON.stringify(result ?? { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: payload }) }
      : { errorOutput: { error, ...(cause !== null && { cause: cause ?? failure }) } };
  return {
    ...request,
    mock: { ...mocked, fieldValidationMode: 'NONE' as const },
    context: JSON.stringify({ Execution: CONTEXT, State: { RetryCount: retryCount } }),
    stateConfiguration: { retrierRetryCount: retryCount },
  };
}

function compared(answer: TestStateOutput, expected: TestStateAnswer): TestStateAnswer {
  const { status = 'none', nextState, output, error, cause, inspectionData } = answer;
  const { retryIndex, retryBackoffIntervalSeconds, catchIndex } = inspectionData?.errorDetails ?? {};
  const variables = JSON.parse(inspectionData?.variables ?? '{}') as Record<string, unknown>;
  const named = Object.keys(expected.variables ?? {}).map((name) => [name, variables[name]] as const);
  return {
    status,
    ...(nextState !== undefined && { nextState }),
    ...('output' in expected && { output: JSON.parse(output ?? 'null') }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
    ...(retryIndex !== undefined && { retryIndex }),
    ...(retryBackoffIntervalSeconds !== undefined && { backoff: bounded(retryBackoffIntervalSeconds, expected) }),
    ...(catchIndex !== undefined && { catchIndex }),
    ...(expected.variables && { variables: Object.fromEntries(named) }),
  };
}

/** A wait with jitter is as expected when it is no longer than the most. */
function bounded(seconds: number, { backoff }: TestStateAnswer): Backoff {
  return typeof backoff === 'object' && seconds >= 0 && seconds <= backoff.atMost ? backoff : seconds;
}
