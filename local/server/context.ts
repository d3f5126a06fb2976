import type { JsonObject } from '../asl/json.ts';
import type { Engine } from '../engine/engine.ts';
import type { ExecutionRecord, StateMachineRecord, Store } from '../store/store.ts';
import type { MockConfig } from '../tasks/mock-config.ts';
import { ApiError } from './api-error.ts';

/** What the actions work on. */
export interface ServerContext {
  readonly store: Store;
  readonly engine: Engine;
  readonly mocks: MockConfig | undefined;
  readonly region: string;
  readonly accountId: string;
  now(): number;
  uuid(): string;
}

/** One action of the API: the request's body in, the answer's body out. Throws ApiError. */
export type Action = (input: JsonObject, context: ServerContext) => Promise<JsonObject> | JsonObject;

/** Throws ExecutionDoesNotExist. */
export function findExecution({ store }: ServerContext, arn: string): ExecutionRecord {
  const execution = store.getExecution(arn);
  if (!execution) throw new ApiError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  return execution;
}

/** Throws StateMachineDoesNotExist. */
export function findStateMachine({ store }: ServerContext, arn: string): StateMachineRecord {
  const machine = store.getStateMachine(arn);
  if (!machine) throw new ApiError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  return machine;
}

/** `arn:aws:states:REGION:ACCOUNT:KIND:NAME` */
export function arnOf({ region, accountId }: ServerContext, kind: 'stateMachine' | 'execution', name: string): string {
  return `arn:aws:states:${region}:${accountId}:${kind}:${name}`;
}

/** The API's times are seconds. */
export function toSeconds(millis: number): number {
  return millis / 1000;
}

/** Names of state machines and executions: 1 to 80 characters without these (API reference, "StartExecution"). */
export function requireName(name: string): string {
  const isAllowed = name.length >= 1 && name.length <= 80 && !/[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]/u.test(name);
  if (!isAllowed) throw new ApiError('InvalidName', `Invalid Name: '${name}'`);
  return name;
}
