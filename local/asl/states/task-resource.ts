import { type EventDetails, type EventType, WHOLE } from '../../history/events.ts';

type Recorded<T extends EventType> = { [K in T]: readonly [type: K, details: EventDetails[K]] }[T];

type Kinds<Step extends string> = Extract<EventType, `${'Task' | 'LambdaFunction' | 'Activity'}${Step}`>;

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
  /** Whoever gets the attempt's task token ends it. */
  readonly waitsForToken: boolean;
  /** Whether it only starts when a worker takes it. */
  readonly isActivity: boolean;
  scheduled(argument: string, region: string, timers: Timers): Recorded<Kinds<'Scheduled'>>;
  started(workerName?: string): Recorded<Kinds<'Started'>>;
  /** Of an integration that goes on when its request is answered: `.sync`, `.waitForTaskToken`. */
  submitted?(output: string): Recorded<'TaskSubmitted'>;
  succeeded(output: string): Recorded<Kinds<'Succeeded'>>;
  failed(failure: Failure): Recorded<Kinds<'Failed'>>;
  timedOut(error: string): Recorded<Kinds<'TimedOut'>>;
}

const SUBMITTED = /\.(sync|sync:2|waitForTaskToken)$/;
const LAMBDA_FUNCTION = /^arn:[^:]+:lambda:[^:]*:[^:]*:function:/;
const ACTIVITY = /^arn:[^:]+:states:[^:]*:[^:]*:activity:[^:]+$/;
/** `arn:aws:states:::lambda:invoke`, `arn:aws:states:::aws-sdk:s3:getObject.waitForTaskToken`, `...:startExecution.sync:2` */
const INTEGRATION = /^arn:[^:]+:states:[^:]*:[^:]*:((?:aws-sdk:)?[^:]+):([^:]+(?:\.sync:2)?)$/;

/** Reads a Task's Resource. Throws a SyntaxError for one that no task can have. */
export function parseResource(arn: string): TaskResource {
  if (LAMBDA_FUNCTION.test(arn)) return lambdaFunction(arn);
  if (ACTIVITY.test(arn)) return activity(arn);
  const [, resourceType, resource] = INTEGRATION.exec(arn) ?? [];
  if (resourceType === undefined || resource === undefined) {
    throw new SyntaxError(`The resource '${arn}' is neither a Lambda function nor a service integration`);
  }
  return integration(arn, resourceType, resource);
}

function integration(arn: string, resourceType: string, resource: string): TaskResource {
  return {
    arn,
    limitName: resourceType,
    waitsForToken: resource.endsWith('.waitForTaskToken'),
    isActivity: false,
    scheduled: (parameters, region, timers) => [
      'TaskScheduled',
      { resourceType, resource, region, parameters, ...timers },
    ],
    started: () => ['TaskStarted', { resourceType, resource }],
    ...(SUBMITTED.test(resource) && {
      submitted: (output) => ['TaskSubmitted', { resourceType, resource, output, outputDetails: WHOLE }],
    }),
    succeeded: (output) => ['TaskSucceeded', { resourceType, resource, output, outputDetails: WHOLE }],
    failed: ({ error, cause }) => ['TaskFailed', { resourceType, resource, ...present({ error, cause }) }],
    timedOut: (error) => ['TaskTimedOut', { resourceType, resource, error }],
  };
}

function lambdaFunction(arn: string): TaskResource {
  return {
    arn,
    limitName: arn,
    waitsForToken: false,
    isActivity: false,
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

function activity(arn: string): TaskResource {
  return {
    arn,
    limitName: arn,
    waitsForToken: true,
    isActivity: true,
    scheduled: (input, _, timers) => ['ActivityScheduled', { resource: arn, input, inputDetails: WHOLE, ...timers }],
    started: (workerName) => ['ActivityStarted', workerName === undefined ? {} : { workerName }],
    succeeded: (output) => ['ActivitySucceeded', { output, outputDetails: WHOLE }],
    failed: ({ error, cause }) => ['ActivityFailed', present({ error, cause })],
    timedOut: (error) => ['ActivityTimedOut', { error }],
  };
}

/** The fields of a failure that it has: AWS leaves the others out. */
export function present({ error, cause }: Failure): { error?: string; cause?: string } {
  const present: { error?: string; cause?: string } = {};
  if (error !== undefined) present.error = error;
  if (cause !== undefined) present.cause = cause;
  return present;
}
