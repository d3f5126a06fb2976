import { StateFailure } from '../asl/errors.ts';
import { isObject, type Json, type JsonObject } from '../asl/json.ts';
import { sdkMetadata } from '../tasks/sdk-metadata.ts';
import { Submitted, type TaskRunner } from '../tasks/task.ts';
import { ACTIONS } from './actions/index.ts';
import { ApiError } from './api-error.ts';
import type { ServerContext } from './context.ts';
import { findJsonProblem } from './json-text.ts';

/** `states:startExecution` with its patterns, and every action as `aws-sdk:sfn:...`. */
const RESOURCE =
  /^arn:[^:]+:states:[^:]*:[^:]*:(?:states:startExecution(?:\.sync|\.sync:2|\.waitForTaskToken)?|aws-sdk:sfn:(\w+)(?:\.waitForTaskToken)?)$/;

/** "The maximum length of cause" (API reference, "StopExecution"). */
const MAX_CAUSE_CHARACTERS = 32_768;

export function isNestedExecution(resource: string): boolean {
  return RESOURCE.test(resource);
}

/** How one integration writes answers and errors. */
interface Style {
  /** What AWS makes of the API's seconds. */
  date(seconds: number): Json;
  failure(error: ApiError, requestId: string): StateFailure;
}

/** The optimized integration, on version 1 of AWS's SDK for Java, as recorded on AWS. */
const OPTIMIZED: Style = {
  date: (seconds) => Math.round(seconds * 1000),
  failure: ({ type, status, message }, requestId) => {
    const details = `Status Code: ${status}; Error Code: ${type}; Request ID: ${requestId}; Proxy: null`;
    return new StateFailure(
      `StepFunctions.${exceptionName(type)}`,
      `${message} (Service: AWSStepFunctions; ${details})`,
    );
  },
};

/** The SDK integration, on version 2. */
const AWS_SDK: Style = {
  date: (seconds) => new Date(seconds * 1000).toISOString(),
  failure: ({ type, status, message }, requestId) => {
    const details = `Service: Sfn, Status Code: ${status}, Request ID: ${requestId}`;
    return new StateFailure(`Sfn.${exceptionName(type)}`, `${message} (${details}) (SDK Attempt Count: 1)`);
  },
};

/** Runs tasks that start or manage executions of the same server, by calling its own actions. */
export function createNestedExecutions(context: ServerContext): TaskRunner {
  const call = async (action: string, body: JsonObject, signal: AbortSignal, style: Style): Promise<JsonObject> => {
    const run = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (!run) throw new StateFailure('States.Runtime', `The action '${action}' is not one of Step Functions`);
    try {
      return toPascalCase(await run(body, context, signal), style) as JsonObject;
    } catch (error) {
      throw error instanceof ApiError ? style.failure(error, context.uuid()) : error;
    }
  };

  /** Stops a child when nobody waits for it any more. */
  const stopWith = (signal: AbortSignal, executionArn: string, parentArn: string): void => {
    const stop = (): void => {
      const cause = `The Task state in AWS Step Functions execution [${parentArn}] which was managing this resource was aborted`;
      void context.engine.stop(executionArn, { cause });
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  };

  /** Follows a child to its end. */
  const follow = async (executionArn: string, hasValues: boolean, signal: AbortSignal) => {
    await context.engine.finished(executionArn);
    const described = await call('DescribeExecution', { executionArn }, signal, OPTIMIZED);
    if (described['Status'] !== 'SUCCEEDED') {
      throw new StateFailure('States.TaskFailed', JSON.stringify(described).slice(0, MAX_CAUSE_CHARACTERS));
    }
    return JSON.stringify(hasValues ? { ...described, ...parsePayloads(described) } : described);
  };

  return async ({ resource, arguments: text, executionArn, submitted }, { signal }) => {
    const isSync = /\.sync(:2)?$/.test(resource);
    const followUp = (answer: JsonObject): (() => Promise<string>) => {
      const childArn = String(answer['ExecutionArn']);
      stopWith(signal, childArn, executionArn);
      return () => follow(childArn, resource.endsWith(':2'), signal);
    };
    if (submitted !== undefined && isSync) return followUp(JSON.parse(submitted) as JsonObject)();
    const body = readArguments(JSON.parse(text) as Json);
    const [, sdkAction] = RESOURCE.exec(resource) ?? [];
    const answer =
      sdkAction === undefined
        ? withMetadata(await call('StartExecution', body, signal, OPTIMIZED), context.uuid())
        : await call(upperFirst(sdkAction), body, signal, AWS_SDK);
    if (isSync) return new Submitted(JSON.stringify(answer), followUp(answer));
    return resource.endsWith('.waitForTaskToken') ? new Submitted(JSON.stringify(answer)) : JSON.stringify(answer);
  };
}

/** `StateMachineDoesNotExist` -> `StateMachineDoesNotExistException` */
function exceptionName(type: string): string {
  return type.endsWith('Exception') ? type : `${type}Exception`;
}

/** The body of the request: names as the API has them, payloads as JSON texts. */
function readArguments(value: Json): JsonObject {
  if (!isObject(value)) return {};
  const entries = Object.entries(value).map(([key, item]): [string, Json] => {
    const name = lowerFirst(key);
    if (name !== 'input' && name !== 'output') return [name, renameFields(item)];
    const isText = item === null || (typeof item === 'string' && !findJsonProblem(item));
    return [name, isText ? item : JSON.stringify(item)];
  });
  return Object.fromEntries(entries);
}

/** An answer as the integrations show it: names in PascalCase, in alphabetical order. */
function toPascalCase(answer: Json, style: Style): Json {
  if (Array.isArray(answer)) return answer.map((item) => toPascalCase(item, style));
  if (!isObject(answer)) return answer;
  const entries = Object.entries(answer).map(([key, value]): [string, Json] => {
    const isDate = typeof value === 'number' && /(^timestamp|Date)$/.test(key);
    return [upperFirst(key), isDate ? style.date(value) : toPascalCase(value, style)];
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function renameFields(value: Json): Json {
  if (Array.isArray(value)) return value.map(renameFields);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [lowerFirst(key), renameFields(item)]));
}

function lowerFirst(key: string): string {
  return `${key.charAt(0).toLowerCase()}${key.slice(1)}`;
}

function upperFirst(key: string): string {
  return `${key.charAt(0).toUpperCase()}${key.slice(1)}`;
}

function parsePayloads(described: JsonObject): JsonObject {
  const payloads = ['Input', 'Output'].filter((field) => typeof described[field] === 'string');
  return Object.fromEntries(payloads.map((field) => [field, JSON.parse(String(described[field])) as Json]));
}

/** The answer with the request's own data, in the order that AWS writes it. */
function withMetadata({ ExecutionArn = null, StartDate = null }: JsonObject, requestId: string): JsonObject {
  const length = String(JSON.stringify({ executionArn: ExecutionArn, startDate: Number(StartDate) / 1000 }).length);
  const headers = {
    connection: 'keep-alive',
    'Content-Length': length,
    'Content-Type': 'application/x-amz-json-1.0',
    Date: new Date(Number(StartDate)).toUTCString(),
    'x-amzn-RequestId': requestId,
  };
  return { ExecutionArn, ...sdkMetadata(headers, requestId), StartDate };
}
