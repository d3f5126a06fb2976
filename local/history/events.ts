/**
 * The events of an execution's history, as AWS records them (API reference, "HistoryEvent"). Payloads are JSON texts,
 * as in the API; times are milliseconds since the epoch.
 */

/** AWS cuts a payload only for Express machines; what is recorded here is whole. */
export interface PayloadDetails {
  readonly truncated: boolean;
}

/** The details of every payload: made once, for there are as many as events. */
export const WHOLE: PayloadDetails = { truncated: false };

interface Failure {
  error?: string | undefined;
  cause?: string | undefined;
}

interface StateEntered {
  name: string;
  input: string;
  inputDetails: PayloadDetails;
}

interface StateExited {
  name: string;
  output: string;
  outputDetails: PayloadDetails;
  /** The value of each variable as JSON text. */
  assignedVariables?: Record<string, string>;
  assignedVariablesDetails?: PayloadDetails;
}

interface TaskResource {
  resourceType: string;
  resource: string;
}

interface TaskTimers {
  timeoutInSeconds?: number;
  heartbeatInSeconds?: number;
  taskCredentials?: { roleArn: string };
}

interface MapIteration {
  /** Of the Map state. */
  name: string;
  /** From 0. */
  index: number;
}

interface PlainDetails {
  ExecutionStarted: { input: string; inputDetails: PayloadDetails; roleArn: string };
  /** Counted from 1. */
  ExecutionRedriven: { redriveCount: number };
  ExecutionSucceeded: { output: string; outputDetails: PayloadDetails };
  ExecutionFailed: Failure;
  ExecutionTimedOut: Failure;
  ExecutionAborted: Failure;
  EvaluationFailed: Required<Failure> & { location?: string; state: string };
  TaskScheduled: TaskResource & TaskTimers & { region: string; parameters: string };
  TaskStarted: TaskResource;
  TaskSubmitted: TaskResource & { output: string; outputDetails: PayloadDetails };
  TaskSucceeded: TaskResource & { output: string; outputDetails: PayloadDetails };
  TaskFailed: TaskResource & Failure;
  TaskTimedOut: TaskResource & Failure;
  LambdaFunctionScheduled: TaskTimers & { resource: string; input: string; inputDetails: PayloadDetails };
  LambdaFunctionStarted: undefined;
  LambdaFunctionSucceeded: { output: string; outputDetails: PayloadDetails };
  LambdaFunctionFailed: Failure;
  LambdaFunctionTimedOut: Failure;
  ActivityScheduled: TaskTimers & { resource: string; input: string; inputDetails: PayloadDetails };
  ActivityStarted: { workerName?: string | undefined };
  ActivitySucceeded: { output: string; outputDetails: PayloadDetails };
  ActivityFailed: Failure;
  ActivityTimedOut: Failure;
  ParallelStateStarted: undefined;
  ParallelStateSucceeded: undefined;
  ParallelStateFailed: undefined;
  MapStateStarted: { length: number };
  MapStateSucceeded: undefined;
  MapStateFailed: undefined;
  MapRunStarted: { mapRunArn: string };
  /** `redriveCount` is counted from 1. */
  MapRunRedriven: { mapRunArn: string; redriveCount: number };
  MapRunSucceeded: undefined;
  MapRunFailed: Failure;
  MapIterationStarted: MapIteration;
  MapIterationSucceeded: MapIteration;
  MapIterationFailed: MapIteration;
  MapIterationAborted: MapIteration;
}

const STATE_TYPES = ['Pass', 'Task', 'Choice', 'Wait', 'Succeed', 'Fail', 'Parallel', 'Map'] as const;

export type StateType = (typeof STATE_TYPES)[number];

/** The events of entering and leaving a state, by its type: texts that are made once. */
export const STATE_ENTERED = namesOf('Entered');
export const STATE_EXITED = namesOf('Exited');

function namesOf<Step extends string>(step: Step) {
  const names = STATE_TYPES.map((type) => [type, `${type}State${step}`]);
  return Object.fromEntries(names) as { readonly [T in StateType]: `${T}State${Step}` };
}

/** The states that can be under way for longer, whose end by force AWS records. */
export type AbortableType = 'Task' | 'Wait' | 'Parallel' | 'Map';

/** What each type of event carries; undefined for those without details. */
export type EventDetails = PlainDetails & { [T in `${StateType}StateEntered`]: StateEntered } & {
  [T in `${Exclude<StateType, 'Fail'>}StateExited`]: StateExited;
} & { [T in `${AbortableType}StateAborted`]: undefined };

export type EventType = keyof EventDetails;

export interface HistoryEvent<T extends EventType = EventType> {
  /** From 1, without a gap. */
  readonly id: number;
  /** The event that led to this one; 0 for the first, and for the first state's entry. */
  readonly previousEventId: number;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly type: T;
  readonly details: EventDetails[T];
}

const TERMINAL: ReadonlySet<EventType> = new Set([
  'ExecutionSucceeded',
  'ExecutionFailed',
  'ExecutionTimedOut',
  'ExecutionAborted',
]);

/** Whether no event follows this one. */
export function isTerminal(type: EventType): boolean {
  return TERMINAL.has(type);
}
