/** How an action that the page calls is asked of AWS. */
export interface AllowedAction {
  /** As it signs, and as its host begins. */
  readonly service: 'states' | 'logs' | 'lambda';
  toRequest(
    target: string,
    body: string,
  ): { method: string; path: string; sent?: string; pick(answer: string): string };
  headers(target: string): Record<string, string>;
}

function jsonApi(service: AllowedAction['service'], version: string): AllowedAction {
  return {
    service,
    toRequest: (_, body) => ({ method: 'POST', path: '/', sent: body, pick: (answer) => answer }),
    headers: (target) => ({ 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': target }),
  };
}

/** GetFunctionConfiguration tells a function's environment, too: only where it logs is handed on. */
const FUNCTION_CONFIGURATION: AllowedAction = {
  service: 'lambda',
  toRequest(_, body) {
    const { FunctionName } = JSON.parse(body) as { FunctionName?: unknown };
    return {
      method: 'GET',
      path: `/2015-03-31/functions/${encodeURIComponent(String(FunctionName))}/configuration`,
      pick(answer) {
        const { LoggingConfig } = JSON.parse(answer) as { LoggingConfig?: unknown };
        return JSON.stringify({ LoggingConfig });
      },
    };
  },
  headers: () => ({}),
};

const READS = [
  'ListStateMachines',
  'DescribeStateMachine',
  'DescribeStateMachineForExecution',
  'ListExecutions',
  'DescribeExecution',
  'GetExecutionHistory',
  'ListMapRuns',
  'DescribeMapRun',
];

/** What changes something, by X-Amz-Target. */
export const WRITES: ReadonlySet<string> = new Set(
  ['StartExecution', 'StopExecution', 'RedriveExecution'].map((action) => `AWSStepFunctions.${action}`),
);

/** All that the page may ask of AWS, by X-Amz-Target. Lambda's API knows no such header; the page calls it alike. */
export const ALLOWED_ACTIONS: Readonly<Record<string, AllowedAction>> = {
  ...Object.fromEntries(
    [...READS.map((action) => `AWSStepFunctions.${action}`), ...WRITES].map((target) => [
      target,
      jsonApi('states', '1.0'),
    ]),
  ),
  'Logs_20140328.FilterLogEvents': jsonApi('logs', '1.1'),
  'AWSLambda.GetFunctionConfiguration': FUNCTION_CONFIGURATION,
};
