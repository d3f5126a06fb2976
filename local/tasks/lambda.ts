import type { TaskRequest } from '../asl/effects.ts';
import { StateFailure } from '../asl/errors.ts';
import type { InvokeFunction } from './lambda-endpoint.ts';
import { sdkMetadata } from './sdk-metadata.ts';
import { Submitted, type TaskRunner } from './task.ts';

/** A Lambda handler, called in-process. */
export type LambdaHandler = (event: unknown, context: { functionName: string; awsRequestId: string }) => unknown;

/** What the Node.js runtime of Lambda reports of a function that failed. */
export interface FunctionFailure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** Step Functions cuts a cause at this many characters. */
const MAX_CAUSE_CHARACTERS = 32_768;

const INVOKE = /^arn:[^:]+:states:[^:]*:[^:]*:lambda:invoke(\.waitForTaskToken)?$/;
const FUNCTION_ARN = /^arn:[^:]+:lambda:[^:]*:[^:]*:function:/;
/** arn:aws:lambda:REGION:ACCOUNT:function:NAME[:QUALIFIER], or the name alone. */
const FUNCTION_NAME = /^(?:arn:[^:]+:lambda:[^:]*:[^:]*:function:)?([^:]+)(?::[^:]+)?$/;

/**
 * Runs tasks that invoke Lambda functions by calling the handlers given by function name; `invokeElsewhere` gets those
 * that are not among them, and `runOther` the tasks of other services.
 */
export function createLambdaTasks(
  handlers: Readonly<Record<string, LambdaHandler>>,
  uuid: () => string,
  invokeElsewhere: InvokeFunction = rejectFunction,
  runOther: TaskRunner = rejectTask,
): TaskRunner {
  const call = (functionName: string, payload: string): Promise<string> => {
    const name = FUNCTION_NAME.exec(functionName)?.[1] ?? functionName;
    const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined;
    if (!handler) return invokeElsewhere(functionName, payload);
    const invoke = handler.bind(undefined, JSON.parse(payload), { functionName: name, awsRequestId: uuid() });
    // With nothing below it on the stack: a trace shows the function, and not what called it.
    return Promise.resolve().then(invoke).then(toText).catch(throwFailure);
  };
  return async (request, work) => {
    const { resource, arguments: text } = request;
    const [isInvoke, waitsForToken] = INVOKE.exec(resource) ?? [];
    if (!isInvoke) return FUNCTION_ARN.test(resource) ? call(resource, text) : runOther(request, work);
    const { FunctionName, Payload = {} } = JSON.parse(text) as { FunctionName: string; Payload?: unknown };
    const result = wrapResult(await call(FunctionName, JSON.stringify(Payload)), uuid());
    return waitsForToken ? new Submitted(result) : result;
  };
}

async function rejectFunction(functionName: string): Promise<never> {
  throw new StateFailure('Lambda.ResourceNotFoundException', `Function not found: ${functionName}`);
}

function toText(result: unknown): string {
  return JSON.stringify(result ?? null);
}

/** Throws what the Node.js runtime of Lambda reports of a thrown value. */
function throwFailure(thrown: unknown): never {
  if (thrown instanceof StateFailure) throw thrown;
  const isError = thrown instanceof Error;
  const errorType = isError ? thrown.name : typeof thrown;
  const errorMessage = isError ? thrown.message : String(thrown);
  const trace = isError ? (thrown.stack ?? '').split('\n') : [];
  throw failFunction({ errorType, errorMessage, trace });
}

/** The failure of a task whose function failed: Step Functions matches errorType. */
export function failFunction(failure: FunctionFailure): StateFailure {
  return new StateFailure(failure.errorType, JSON.stringify(failure).slice(0, MAX_CAUSE_CHARACTERS));
}

/** The result of `lambda:invoke`, in the order that AWS writes it. */
function wrapResult(payload: string, requestId: string): string {
  const length = String(Buffer.byteLength(payload));
  const headers = {
    'x-amzn-RequestId': requestId,
    'Content-Length': length,
    'Content-Type': 'application/json',
    'X-Amz-Executed-Version': '$LATEST',
  };
  const rest = { ...sdkMetadata(headers, requestId), StatusCode: 200 };
  return `{"ExecutedVersion":"$LATEST","Payload":${payload},${JSON.stringify(rest).slice(1)}`;
}

/** Fails a task that no runner takes, with what would provide it. */
export async function rejectTask({ resource }: TaskRequest): Promise<never> {
  throw new StateFailure(
    'States.TaskFailed',
    `Nothing runs '${resource}' here; a mock configuration can answer for it`,
  );
}
