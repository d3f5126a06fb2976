import type { JsonObject } from '../asl/json.ts';
import type { ActivityQueue } from '../engine/activities.ts';
import type { Clock } from '../engine/clock.ts';
import type { Engine } from '../engine/engine.ts';
import type { Deliveries } from '../events/deliveries.ts';
import type { Queues } from '../sqs/queues.ts';
import type { ActivityRecord, ExecutionRecord, MapRunRecord, StateMachineRecord, Store } from '../store/store.ts';
import type { MockConfig } from '../tasks/mock-config.ts';
import { ApiError } from './api-error.ts';
import { type ArnKind, checkArn } from './arns.ts';

/** What the actions work on. */
export interface ServerContext {
  readonly store: Store;
  readonly engine: Engine;
  readonly activities: ActivityQueue;
  /** Events on their way to the targets of rules. */
  readonly deliveries: Deliveries;
  readonly queues: Queues;
  readonly mocks: MockConfig | undefined;
  readonly region: string;
  readonly accountId: string;
  readonly clock: Clock;
  uuid(): string;
  /** From 0 up to, but not including, 1. */
  random(): number;
}

/**
 * One action of the API: the request's body in, the answer's body out. Throws ApiError. The signal says that the
 * client has gone.
 */
export type Action<Context = ServerContext> = (
  body: JsonObject,
  context: Context,
  signal: AbortSignal,
) => Promise<JsonObject> | JsonObject;

/** An execution of a STANDARD state machine. Throws InvalidArn, ExecutionDoesNotExist. */
export function findExecution({ store }: ServerContext, arn: string): ExecutionRecord {
  checkArn(arn, 'execution');
  const execution = store.getExecution(arn);
  if (!execution) throw new ApiError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  return execution;
}

/** The current revision of a state machine. Throws InvalidArn, StateMachineDoesNotExist. */
export function findStateMachine({ store }: ServerContext, arn: string): StateMachineRecord {
  checkArn(arn, 'stateMachine');
  const machine = store.stateMachines.get(arn);
  if (!machine) throw stateMachineDoesNotExist(arn);
  return machine;
}

/** Throws InvalidArn, ActivityDoesNotExist. */
export function findActivity({ store }: ServerContext, arn: string): ActivityRecord {
  checkArn(arn, 'activity');
  const activity = store.activities.get(arn);
  if (!activity) throw new ApiError('ActivityDoesNotExist', `Activity Does Not Exist: '${arn}'`);
  return activity;
}

/** Throws InvalidArn, ResourceNotFound. */
export function findMapRun({ store }: ServerContext, arn: string): MapRunRecord {
  checkArn(arn, 'mapRun');
  const mapRun = store.mapRuns.get(arn);
  if (!mapRun) throw new ApiError('ResourceNotFound', `Resource not found: '${arn}'`);
  return mapRun;
}

export function stateMachineDoesNotExist(arn: string): ApiError {
  return new ApiError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
}

/** `arn:aws:states:REGION:ACCOUNT:KIND:NAME` */
export function arnOf({ region, accountId }: ServerContext, kind: ArnKind, name: string): string {
  return `arn:aws:states:${region}:${accountId}:${kind}:${name}`;
}

/** The API's times are seconds. */
export function toSeconds(millis: number): number {
  return millis / 1000;
}

/** Names of state machines, executions and activities: none of these (API reference, "StartExecution"). */
export function checkName(name: string): string {
  if (!/[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}\p{Cs}\uFFFE\uFFFF]/u.test(name)) return name;
  throw new ApiError('InvalidName', `Invalid Name: '${name}'`);
}
