import type { HistoryEvent } from '../history/events.ts';

export interface StateMachineRecord {
  readonly stateMachineArn: string;
  readonly name: string;
  readonly type: 'STANDARD' | 'EXPRESS';
  readonly roleArn: string;
  /** The definition as it was given. */
  readonly definition: string;
  /** Milliseconds since the epoch, as all times here. */
  readonly creationDate: number;
}

export interface ExecutionRecord {
  readonly executionArn: string;
  readonly name: string;
  readonly stateMachine: StateMachineRecord;
  readonly input: string;
  readonly startDate: number;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  stopDate?: number;
  output?: string;
  error?: string;
  cause?: string;
}

/** State machines, executions and their histories. */
export interface Store {
  putStateMachine(machine: StateMachineRecord): void;
  getStateMachine(arn: string): StateMachineRecord | undefined;
  /** Adds the execution, or replaces what is stored of it. */
  putExecution(execution: ExecutionRecord): void;
  getExecution(arn: string): ExecutionRecord | undefined;
  appendEvent(executionArn: string, event: HistoryEvent): void;
  /** All events of an execution so far, in the order of their ids. */
  getEvents(executionArn: string): readonly HistoryEvent[];
  /** Resolves when everything put so far would survive the end of the process, as far as the store can make it. */
  flush(): Promise<void>;
}
