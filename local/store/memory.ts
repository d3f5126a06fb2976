import type { HistoryEvent } from '../history/events.ts';
import type { ExecutionRecord, StateMachineRecord, Store } from './store.ts';

/** A store that lasts as long as the process. */
export function createMemoryStore(): Store {
  const machines = new Map<string, StateMachineRecord>();
  const executions = new Map<string, ExecutionRecord>();
  const histories = new Map<string, HistoryEvent[]>();
  return {
    putStateMachine: (machine) => void machines.set(machine.stateMachineArn, machine),
    getStateMachine: (arn) => machines.get(arn),
    putExecution: (execution) => void executions.set(execution.executionArn, execution),
    getExecution: (arn) => executions.get(arn),
    appendEvent(executionArn, event) {
      const events = histories.get(executionArn);
      if (events) events.push(event);
      else histories.set(executionArn, [event]);
    },
    getEvents: (executionArn) => histories.get(executionArn) ?? [],
    flush: async () => {},
  };
}
