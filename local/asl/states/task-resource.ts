import type { EventDetails, EventType } from '../../history/events.ts';

type Recorded<T extends EventType> = { [K in T]: readonly [type: K, details: EventDetails[K]] }[T];

interface Failure {
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

/** What a task is scheduled with besides its arguments. */
export interface Timers {
  readonly timeoutInSeconds?: number;
  readonly heartbeatInSeconds?: number;
  readonly taskCredentials?: { roleArn: string };
}

/** The events of one kind of resource: their names and fields differ, their order does not. */
export interface TaskResource {
  readonly arn: string;
  /** What States.DataLimitExceeded calls the task. */
  readonly limitName: string;
  /** A task token goes out with the arguments, and whoever gets it ends the task. */
  readonly waitsForToken: boolean;
  scheduled(argument: string, region: string, timers: Timers): Recorded<'TaskScheduled' | 'LambdaFunctionScheduled'>;
  started(): Recorded<'TaskStarted' | 'LambdaFunctionStarted'>;
  /** Of an integration that goes on when its request is answered: `.sync`, `.waitForTaskToken`. */
  submitted?(): Recorded<'TaskSubmitted'>;
  succeeded(output: string): Recorded<'TaskSucceeded' | 'LambdaFunctionSucceeded'>;
  failed(failure: Failure): Recorded<'TaskFailed' | 'LambdaFunctionFailed'>;
  timedOut(error: string): Recorded<'TaskTimedOut' | 'LambdaFunctionTimedOut'>;
}

const SUBMITTED = /\.(sync|sync:2|waitForTaskToken)$/;
const WHOLE = { truncated: false };
const LAMBDA_FUNCTION = /^arn:[^:]+:lambda:[^:]*:[^:]*:function:/;
/** `arn:aws:states:::lambda:invoke`, `arn:aws:states:::aws-sdk:s3:getObject.waitForTaskToken`, `...:startExecution.sync:2` */
const INTEGRATION = /^arn:[^:]+:states:[^:]*:[^:]*:((?:aws-sdk:)?[^:]+):([^:]+(?:\.sync:2)?)$/;

/** Reads a Task's Resource. Throws a SyntaxError for one that no task can have. */
export function parseResource(arn: string): TaskResource {
  if (LAMBDA_FUNCTION.test(arn)) return lambdaFunction(arn);
  const [, resourceType, resource] = INTEGRATION.exec(arn) ?? [];
  if (resourceType === undefined || resource === undefined || resourceType === 'activity') {
    throw new SyntaxError(`The resource '${arn}' is neither a Lambda function nor a service integration`);
  }
  return integration(arn, resourceType, resource);
}

function integration(arn: string, resourceType: string, resource: string): TaskResource {
  const named = { resourceType, resource };
  return {
    arn,
    limitName: resourceType,
    waitsForToken: resource.endsWith('.waitForTaskToken'),
    scheduled: (parameters, region, timers) => ['TaskScheduled', { ...named, region, parameters, ...timers }],
    started: () => ['TaskStarted', named],
    // No service answers the request itself here, only the task as a whole.
    ...(SUBMITTED.test(resource) && {
      submitted: () => ['TaskSubmitted', { ...named, output: '{}', outputDetails: WHOLE }] as const,
    }),
    succeeded: (output) => ['TaskSucceeded', { ...named, output, outputDetails: WHOLE }],
    failed: ({ error, cause }) => ['TaskFailed', { ...named, ...present({ error, cause }) }],
    timedOut: (error) => ['TaskTimedOut', { ...named, error }],
  };
}

function lambdaFunction(arn: string): TaskResource {
  return {
    arn,
    limitName: arn,
    waitsForToken: false,
    scheduled: (input, _, timers) => [
      'LambdaFunctionScheduled',
      { resource: arn, input, inputDetails: WHOLE, ...timers },
    ],
    started: () => ['LambdaFunctionStarted', undefined],
    succeeded: (output) => ['LambdaFunctionSucceeded', { output, outputDetails: WHOLE }],
    failed: ({ error, cause }) => ['LambdaFunctionFailed', present({ error, cause })],
    timedOut: (error) => ['LambdaFunctionTimedOut', { error }],
  };
}

/** The fields of a failure that it has: AWS leaves the others out. */
export function present({ error, cause }: Failure): { error?: string; cause?: string } {
  return { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
}
