import type { JsonObject } from '../asl/json.ts';
import type { Event } from '../events/event.ts';
import type { TargetInput } from '../events/target-input.ts';
import type { HistoryEvent } from '../history/events.ts';

/** One revision of a state machine; an update stores another record, and running executions keep theirs. */
export interface StateMachineRecord {
  readonly stateMachineArn: string;
  readonly name: string;
  readonly type: 'STANDARD' | 'EXPRESS';
  readonly roleArn: string;
  /** The definition as it was given. */
  readonly definition: string;
  /** Milliseconds since the epoch, as all times here. */
  readonly creationDate: number;
  /** When this revision was made, where it is not the first. */
  readonly updateDate?: number;
  /** The first revision has no id. */
  readonly revisionId?: string;
  /** Logging, tracing and encryption as the API describes them. */
  readonly configuration?: JsonObject;
  /** The number of the last version published, deleted or not. */
  readonly lastVersion?: number;
}

export interface VersionRecord {
  readonly stateMachineVersionArn: string;
  /** The revision that was published. */
  readonly stateMachine: StateMachineRecord;
  readonly number: number;
  readonly description?: string;
  readonly creationDate: number;
}

export interface AliasRecord {
  readonly stateMachineAliasArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly description?: string;
  readonly routingConfiguration: readonly { readonly stateMachineVersionArn: string; readonly weight: number }[];
  readonly creationDate: number;
  readonly updateDate: number;
}

export interface ActivityRecord {
  readonly activityArn: string;
  readonly name: string;
  readonly creationDate: number;
  /** Encryption as the API describes it. */
  readonly configuration: JsonObject;
}

export interface TagsRecord {
  readonly resourceArn: string;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}

export interface ExecutionRecord {
  readonly executionArn: string;
  readonly name: string;
  readonly stateMachine: StateMachineRecord;
  /** What it was started from, where that was a version or an alias. */
  readonly stateMachineVersionArn?: string;
  readonly stateMachineAliasArn?: string;
  readonly input: string;
  readonly traceHeader?: string;
  /** Of the mock configuration, instead of which nothing else answers its tasks. */
  readonly testCase?: string;
  /** The map run that it is a child of, and how many items it processes. */
  readonly mapRunArn?: string;
  readonly itemCount?: number;
  /** The redrive of its map run that it ran under last, where that was one. */
  mapRunRedrive?: number;
  readonly startDate: number;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  stopDate?: number;
  /** How often it was redriven, and when last. */
  redriveCount?: number;
  redriveDate?: number;
  /** The tokens of the requests that redrove it, the last one last. */
  redriveTokens?: readonly { readonly token: string; readonly date: number }[];
  output?: string;
  error?: string;
  cause?: string;
}

/** What an execution is before it is started. */
export type NewExecution = Omit<ExecutionRecord, 'stateMachine' | 'startDate' | 'status'>;

/** How many items or executions of a map run are in each status. */
export interface MapRunCounts {
  pending: number;
  running: number;
  succeeded: number;
  failed: number;
  timedOut: number;
  aborted: number;
  total: number;
  resultsWritten: number;
}

/** A map run. Its counts go on while it runs, and are put anew when it ends. */
export interface MapRunRecord {
  readonly mapRunArn: string;
  /** Of the execution that it belongs to. */
  readonly executionArn: string;
  readonly stateMachineArn: string;
  /** The state machine that its children are executions of. */
  readonly childMachineArn: string;
  readonly startDate: number;
  stopDate?: number;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';
  /** How often it was redriven, and when last. */
  readonly redriveCount?: number;
  readonly redriveDate?: number;
  /** 0 is as many as there can be. */
  maxConcurrency: number;
  toleratedFailureCount?: number;
  toleratedFailurePercentage?: number;
  readonly itemCounts: MapRunCounts;
  readonly executionCounts: MapRunCounts;
  /** What it gave its state: a result as JSON text, or a failure. */
  result?: string;
  error?: string;
  cause?: string;
}

/** An event bus; the default one is always there, is not stored, and has no date. */
export interface EventBusRecord {
  readonly eventBusArn: string;
  readonly name: string;
  readonly description?: string;
  readonly creationDate?: number;
}

/** A target as the EventBridge API describes it. */
export interface TargetRecord extends TargetInput {
  readonly Id: string;
  readonly Arn: string;
  readonly RoleArn?: string;
  readonly DeadLetterConfig?: { readonly Arn?: string };
  readonly RetryPolicy?: { readonly MaximumRetryAttempts?: number; readonly MaximumEventAgeInSeconds?: number };
}

export interface RuleRecord {
  readonly ruleArn: string;
  readonly name: string;
  readonly eventBusName: string;
  /** As it was given. */
  readonly eventPattern: string;
  readonly state: string;
  readonly description?: string;
  readonly roleArn?: string;
  readonly targets: readonly TargetRecord[];
}

/** An event on its way to a target: stored from when it is accepted until the target is done with it. */
export interface DeliveryRecord {
  readonly deliveryId: string;
  readonly event: Event;
  readonly ruleArn: string;
  readonly ruleName: string;
  readonly target: TargetRecord;
  readonly ingestionTime: number;
}

/** Records by their ARN; few enough to be listed whole. */
export interface Table<T> {
  put(record: T): void;
  get(arn: string): T | undefined;
  delete(arn: string): void;
  /** In the order in which their ARNs were first put. */
  list(): readonly T[];
}

/** What is stored cannot be read or written; the message says what was found and what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

/** State machines with what belongs to them, executions and their histories. */
export interface Store {
  readonly stateMachines: Table<StateMachineRecord>;
  readonly versions: Table<VersionRecord>;
  readonly aliases: Table<AliasRecord>;
  readonly activities: Table<ActivityRecord>;
  readonly tags: Table<TagsRecord>;
  readonly mapRuns: Table<MapRunRecord>;
  readonly eventBuses: Table<EventBusRecord>;
  readonly rules: Table<RuleRecord>;
  readonly deliveries: Table<DeliveryRecord>;
  /** Adds the execution, or replaces what is stored of it. Of EXPRESS ones only ended children of map runs are stored. */
  putExecution(execution: ExecutionRecord): void;
  getExecution(arn: string): ExecutionRecord | undefined;
  /** A state machine's executions, the last one started first; only those started before the one given. */
  listExecutions(stateMachineArn: string, before?: string): Iterable<ExecutionRecord>;
  /** The executions that run, the first one started first. */
  runningExecutions(): Iterable<ExecutionRecord>;
  /** Forgets a state machine's executions and their histories. */
  deleteExecutions(stateMachineArn: string): void;
  appendEvent(executionArn: string, event: HistoryEvent): void;
  /** All events of an execution so far, in the order of their ids. */
  getEvents(executionArn: string): readonly HistoryEvent[];
  /**
   * Resolves when everything put so far would survive the end of the process, as far as the store can make it. Rejects
   * with a StoreError while it cannot, on a full disk for instance; then all is kept to be written later.
   */
  flush(): Promise<void>;
  /** Nothing may be put afterwards. */
  close(): void;
}
