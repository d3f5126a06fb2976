import type { HistoryEvent } from '@aws-sdk/client-sfn';

type Details = Omit<HistoryEvent, 'type' | 'id' | 'timestamp' | 'previousEventId'>;

const TASK = { resourceType: 'lambda', resource: 'invoke' };

/** What Step Functions records, by the second it happens in; ids are given by the place in the list. */
export interface Recorded extends Details {
  type: NonNullable<HistoryEvent['type']>;
  second: number;
}

const START = new Date(2025, 5, 21, 16, 2, 20, 584);

export function history(recorded: readonly Recorded[]): HistoryEvent[] {
  return recorded.map(({ second, ...event }, index) => ({
    ...event,
    id: index + 1,
    previousEventId: index,
    timestamp: new Date(START.getTime() + second * 1000),
  }));
}

export function started(second: number, input: object): Recorded {
  return { type: 'ExecutionStarted', second, executionStartedEventDetails: { input: JSON.stringify(input) } };
}

export function entered(second: number, name: string, kind: 'Task' | 'Choice' | 'Succeed' | 'Fail' = 'Task'): Recorded {
  return { type: `${kind}StateEntered`, second, stateEnteredEventDetails: { name, input: '{}' } };
}

export function exited(second: number, name: string, kind: 'Task' | 'Choice' | 'Succeed' = 'Task'): Recorded {
  return { type: `${kind}StateExited`, second, stateExitedEventDetails: { name, output: '{}' } };
}

/** TaskScheduled and TaskStarted. */
export function called(second: number, payload: object = {}): Recorded[] {
  const parameters = JSON.stringify({ FunctionName: 'f', Payload: payload });
  return [
    {
      type: 'TaskScheduled',
      second,
      taskScheduledEventDetails: { ...TASK, region: 'us-east-1', parameters, timeoutInSeconds: 200 },
    },
    { type: 'TaskStarted', second, taskStartedEventDetails: TASK },
  ];
}

export function succeeded(second: number, payload: object = {}): Recorded {
  const output = JSON.stringify({ ExecutedVersion: '$LATEST', Payload: payload, StatusCode: 200 });
  return { type: 'TaskSucceeded', second, taskSucceededEventDetails: { ...TASK, output } };
}

export function failed(second: number, error: string, cause: string): Recorded {
  return { type: 'TaskFailed', second, taskFailedEventDetails: { ...TASK, error, cause } };
}

/** The cause that Lambda gives for a thrown error. */
export function lambdaCause(errorType: string, errorMessage: string): string {
  return JSON.stringify({ errorType, errorMessage, trace: [`${errorType}: ${errorMessage}`, '    at file.mjs:1:1'] });
}

/** ValidateInput, passed in the first second. */
export function validated(): Recorded[] {
  return [entered(0, 'ValidateInput'), ...called(0), succeeded(0), exited(0, 'ValidateInput')];
}
