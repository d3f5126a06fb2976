import { type ExecutionStart, interpret } from '../asl/interpreter.ts';
import type { Json } from '../asl/json.ts';
import { compileMachine, type Machine } from '../asl/machine.ts';
import { createRecorder } from '../history/recorder.ts';
import type { ExecutionRecord, StateMachineRecord, Store } from '../store/store.ts';
import type { TaskRunner } from '../tasks/task.ts';
import type { Clock } from './clock.ts';
import { createOutside, type LiveOutside } from './outside.ts';

export interface EngineOptions {
  readonly store: Store;
  readonly runTask: TaskRunner;
  /** The clock of one execution. */
  readonly createClock: () => Clock;
}

export interface Engine {
  /** Starts an execution; it is in the store, with its first events soon to follow, when this returns. */
  start(
    machine: StateMachineRecord,
    execution: { executionArn: string; name: string; input: string },
    runTask?: TaskRunner,
  ): ExecutionRecord;
  /** Stops a running execution; resolves when its end is recorded. Does nothing when it has ended. */
  stop(executionArn: string, failure: { error?: string; cause?: string }): Promise<void>;
  /** Resolves when the execution has ended. */
  finished(executionArn: string): Promise<void>;
}

/** Id of ExecutionStarted: the wait that an interruption of the whole execution answers. */
const STARTED_EVENT_ID = 1;

/** Drives executions: gives the interpreter its clock and tasks, and the store what it records. */
export function createEngine({ store, runTask: runTaskByDefault, createClock }: EngineOptions): Engine {
  const compiled = new WeakMap<StateMachineRecord, Machine>();
  const running = new Map<string, { outside: LiveOutside; end: Promise<void> }>();

  const compile = (record: StateMachineRecord): Machine => {
    const machine = compiled.get(record) ?? compileMachine(JSON.parse(record.definition) as Json);
    compiled.set(record, machine);
    return machine;
  };

  const run = async (
    machine: Machine,
    execution: ExecutionRecord,
    clock: Clock,
    outside: LiveOutside,
  ): Promise<void> => {
    const { record } = createRecorder(clock.now, (event) => store.appendEvent(execution.executionArn, event));
    const end = await interpret(machine, startOf(execution), { ...outside, record });
    store.putExecution(Object.assign(execution, end, { stopDate: clock.now() }));
    outside.dispose();
    running.delete(execution.executionArn);
  };

  return {
    start(stateMachine, started, runTask = runTaskByDefault) {
      const machine = compile(stateMachine);
      const clock = createClock();
      const execution: ExecutionRecord = { ...started, stateMachine, startDate: clock.now(), status: 'RUNNING' };
      store.putExecution(execution);
      const outside = createOutside(clock, runTask);
      running.set(execution.executionArn, { outside, end: run(machine, execution, clock, outside) });
      return execution;
    },
    async stop(executionArn, failure) {
      const current = running.get(executionArn);
      current?.outside.interrupt({ id: STARTED_EVENT_ID, kind: 'aborted', ...failure });
      await current?.end;
    },
    async finished(executionArn) {
      await running.get(executionArn)?.end;
    },
  };
}

function startOf({ executionArn, name, input, stateMachine }: ExecutionRecord): ExecutionStart {
  return {
    executionArn,
    executionName: name,
    stateMachineArn: stateMachine.stateMachineArn,
    stateMachineName: stateMachine.name,
    roleArn: stateMachine.roleArn,
    input,
  };
}
