import type { HistoryEvent } from '../history/events.ts';
import type { ExecutionRecord, Store, Table } from './store.ts';

/** An execution and its place among those of its state machine. */
interface Entry {
  execution: ExecutionRecord;
  readonly index: number;
  readonly events: HistoryEvent[];
}

/** A store that lasts as long as the process. */
export function createMemoryStore(): Store {
  const entries = new Map<string, Entry>();
  /** Entries by state machine, in the order in which they were started. */
  const started = new Map<string, Entry[]>();
  return {
    stateMachines: createTable(({ stateMachineArn }) => stateMachineArn),
    versions: createTable(({ stateMachineVersionArn }) => stateMachineVersionArn),
    aliases: createTable(({ stateMachineAliasArn }) => stateMachineAliasArn),
    activities: createTable(({ activityArn }) => activityArn),
    tags: createTable(({ resourceArn }) => resourceArn),
    mapRuns: createTable(({ mapRunArn }) => mapRunArn),
    eventBuses: createTable(({ eventBusArn }) => eventBusArn),
    rules: createTable(({ ruleArn }) => ruleArn),
    deliveries: createTable(({ deliveryId }) => deliveryId),
    putExecution(execution) {
      const existing = entries.get(execution.executionArn);
      if (existing) {
        existing.execution = execution;
        return;
      }
      const { stateMachineArn } = execution.stateMachine;
      const siblings = started.get(stateMachineArn) ?? [];
      const entry = { execution, index: siblings.length, events: [] };
      siblings.push(entry);
      started.set(stateMachineArn, siblings);
      entries.set(execution.executionArn, entry);
    },
    getExecution: (arn) => entries.get(arn)?.execution,
    *listExecutions(stateMachineArn, before) {
      const siblings = started.get(stateMachineArn) ?? [];
      const end = before === undefined ? siblings.length : (entries.get(before)?.index ?? 0);
      for (let index = end - 1; index >= 0; index -= 1) yield (siblings[index] as Entry).execution;
    },
    *runningExecutions() {
      for (const { execution } of entries.values()) if (execution.status === 'RUNNING') yield execution;
    },
    deleteExecutions(stateMachineArn) {
      for (const { execution } of started.get(stateMachineArn) ?? []) entries.delete(execution.executionArn);
      started.delete(stateMachineArn);
    },
    appendEvent: (executionArn, event) => void entries.get(executionArn)?.events.push(event),
    getEvents: (executionArn) => entries.get(executionArn)?.events ?? [],
    flush: async () => {},
    close: () => {},
  };
}

function createTable<T>(arnOf: (record: T) => string): Table<T> {
  const records = new Map<string, T>();
  return {
    put: (record) => void records.set(arnOf(record), record),
    get: (arn) => records.get(arn),
    delete: (arn) => void records.delete(arn),
    list: () => [...records.values()],
  };
}
