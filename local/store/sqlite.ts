import type { HistoryEvent } from '../history/events.ts';
import { closeDatabase, openDatabase } from './database.ts';
import { createExecutionRows } from './execution-rows.ts';
import { createGroupCommit } from './group-commit.ts';
import { createResourceTable } from './resource-table.ts';
import type { ExecutionRecord, Store } from './store.ts';

/** What is put and perhaps not committed, or still growing. */
interface LiveExecution {
  readonly execution: ExecutionRecord;
  readonly events: HistoryEvent[];
}

/**
 * A store in an SQLite file in `folder`. Executions that run are also held in memory; the others are read when they are
 * asked for. Throws a StoreError when the folder cannot be used.
 */
export function openSqliteStore(folder: string): Store {
  const database = openDatabase(folder);
  const live = new Map<string, LiveExecution>();
  const commits = createGroupCommit(database, () => {
    for (const [arn, { execution }] of live) if (execution.status !== 'RUNNING') live.delete(arn);
  });
  const rows = createExecutionRows(database);

  const goLive = (execution: ExecutionRecord, events: HistoryEvent[]): LiveExecution => {
    const entry = { execution, events };
    live.set(execution.executionArn, entry);
    return entry;
  };
  return {
    stateMachines: createResourceTable(
      database,
      commits.add,
      'state machine',
      ({ stateMachineArn }) => stateMachineArn,
    ),
    versions: createResourceTable(
      database,
      commits.add,
      'version',
      ({ stateMachineVersionArn }) => stateMachineVersionArn,
    ),
    aliases: createResourceTable(database, commits.add, 'alias', ({ stateMachineAliasArn }) => stateMachineAliasArn),
    activities: createResourceTable(database, commits.add, 'activity', ({ activityArn }) => activityArn),
    mapRuns: createResourceTable(database, commits.add, 'map run', ({ mapRunArn }) => mapRunArn),
    eventBuses: createResourceTable(database, commits.add, 'event bus', ({ eventBusArn }) => eventBusArn),
    rules: createResourceTable(database, commits.add, 'rule', ({ ruleArn }) => ruleArn),
    deliveries: createResourceTable(database, commits.add, 'delivery', ({ deliveryId }) => deliveryId),
    tags: createResourceTable(database, commits.add, 'tags', ({ resourceArn }) => resourceArn),
    putExecution(execution) {
      const { executionArn, redriveCount } = execution;
      // Only one that is redriven has events, and is not held in memory.
      const stored = (): HistoryEvent[] => (redriveCount === undefined ? [] : rows.events(executionArn));
      goLive(execution, live.get(executionArn)?.events ?? stored());
      commits.add(() => rows.put(execution));
    },
    getExecution: (arn) => live.get(arn)?.execution ?? rows.get(arn),
    *listExecutions(stateMachineArn, before) {
      commits.commit();
      for (const execution of rows.list(stateMachineArn, before)) {
        yield live.get(execution.executionArn)?.execution ?? execution;
      }
    },
    deleteExecutions(stateMachineArn) {
      for (const [arn, { execution }] of live) {
        if (execution.stateMachine.stateMachineArn === stateMachineArn) live.delete(arn);
      }
      commits.add(() => rows.deleteAll(stateMachineArn));
    },
    appendEvent(executionArn, event) {
      live.get(executionArn)?.events.push(event);
      commits.add(() => rows.putEvent(executionArn, event));
    },
    getEvents: (executionArn) => live.get(executionArn)?.events ?? rows.events(executionArn),
    *runningExecutions() {
      for (const execution of rows.running()) {
        yield goLive(execution, rows.events(execution.executionArn)).execution;
      }
    },
    flush: commits.flush,
    close() {
      commits.commit();
      closeDatabase(database);
    },
  };
}
