import type { ExecutionStart } from '../asl/execution-scope.ts';
import { interpret, STARTED_EVENT_ID } from '../asl/interpreter.ts';
import type { Json } from '../asl/json.ts';
import { compileMachine, type Machine } from '../asl/machine.ts';
import { planRedrive } from '../asl/redrive.ts';
import { readTaskToken } from '../asl/task-token.ts';
import { type StateTest, type StateTestResult, testState } from '../asl/test-state.ts';
import type { HistoryEvent } from '../history/events.ts';
import { createRecorder } from '../history/recorder.ts';
import { NO_S3, type S3 } from '../s3/s3.ts';
import type { ExecutionRecord, NewExecution, StateMachineRecord, Store } from '../store/store.ts';
import type { TaskRunner } from '../tasks/task.ts';
import { type Clock, notBefore } from './clock.ts';
import { LiveWaits, type TaskAnswer } from './live-waits.ts';
import { createMapRuns, type MapRuns } from './map-runs.ts';
import { pause } from './pause.ts';
import { createReplay } from './replay.ts';

export interface EngineOptions {
  readonly store: Store;
  readonly runTask: TaskRunner;
  /** What runs the tasks of an execution that goes on after these events; by default `runTask`. */
  readonly resumeTasks?: (execution: ExecutionRecord, recorded: readonly HistoryEvent[]) => TaskRunner;
  /** The clock of one execution. */
  readonly createClock: () => Clock;
  /** What map runs read from and write to; by default there is none. */
  readonly s3?: S3;
}

export interface Engine {
  /**
   * Starts an execution; it is in the store, with its first events soon to follow, when this returns. One of an EXPRESS
   * state machine is not stored: AWS keeps no history of it either.
   */
  start(machine: StateMachineRecord, execution: NewExecution, runTask?: TaskRunner, clock?: Clock): ExecutionRecord;
  /** Goes on with an execution that has ended without success, from where it stood. */
  redrive(
    execution: ExecutionRecord,
    request: Pick<ExecutionRecord, 'redriveDate' | 'redriveTokens' | 'mapRunRedrive'>,
    runTask?: TaskRunner,
    clock?: Clock,
  ): void;
  /** Goes on with every execution that an earlier process left running. */
  resume(): void;
  /** Runs one state alone; nothing of that is stored. */
  test(test: StateTest): Promise<StateTestResult>;
  /** Leaves every running execution as it is recorded, for `resume` in a later process. */
  halt(): void;
  /** Stops a running execution; resolves when its end is recorded. Does nothing when it has ended. */
  stop(executionArn: string, failure: { error?: string; cause?: string }): Promise<void>;
  /** Resolves when the execution has ended. */
  finished(executionArn: string): Promise<void>;
  /**
   * Gives a task the answer that came with its token. Resolves when what it leads to is recorded; false when no task
   * waits for it any more.
   */
  answerTask(taskToken: string, answer: TaskAnswer): Promise<boolean>;
  readonly mapRuns: Pick<MapRuns, 'update'>;
}

/** "Maximum execution time" of express workflows (Step Functions quotas). */
const MAX_EXPRESS_SECONDS = 300;

/** Drives executions: gives the interpreter its clock and tasks, and the store what it records. */
export function createEngine(options: EngineOptions): Engine {
  const { store, runTask: runTaskByDefault, createClock, s3 = NO_S3 } = options;
  const { resumeTasks = () => runTaskByDefault } = options;
  const compiled = new WeakMap<StateMachineRecord, Machine>();
  let isHalted = false;
  const running = new Map<string, { waits: LiveWaits; end: Promise<void> }>();

  const compile = (record: StateMachineRecord): Machine => {
    const existing = compiled.get(record);
    if (existing) return existing;
    const machine = compileMachine(JSON.parse(record.definition) as Json);
    const { timeoutSeconds = MAX_EXPRESS_SECONDS } = machine;
    const limited =
      record.type === 'EXPRESS'
        ? { ...machine, timeoutSeconds: Math.min(timeoutSeconds, MAX_EXPRESS_SECONDS) }
        : machine;
    compiled.set(record, limited);
    return limited;
  };

  /** Runs an execution to its end, from where its recorded events leave off. */
  const run = async (
    execution: ExecutionRecord,
    clock: Clock,
    waits: LiveWaits,
    recorded: readonly HistoryEvent[],
  ): Promise<void> => {
    const { before, since } = splitAtRedrive(recorded, execution.redriveCount);
    const machine = compile(execution.stateMachine);
    const isStored = execution.stateMachine.type === 'STANDARD';
    const { record } = isStored
      ? createRecorder(clock.now, (event) => isHalted || store.appendEvent(execution.executionArn, event), {
          lastId: recorded.length,
        })
      : createRecorder(clock.now, () => {}, { maxEvents: Number.POSITIVE_INFINITY });
    const live = { record, waits, pause };
    const redrive = before && planRedrive(before);
    const world = since.length > 0 ? createReplay(since, live, mapRuns.resultOf) : live;
    const { status, output, error, cause } = await interpret(machine, startOf(execution), world, redrive);
    execution.status = status;
    execution.stopDate = clock.now();
    if (output !== undefined) execution.output = output;
    if (error !== undefined) execution.error = error;
    if (cause !== undefined) execution.cause = cause;
    if (isStored && !isHalted) store.putExecution(execution);
    waits.dispose();
    const children = mapRuns.finished(execution.executionArn);
    if (children) await children;
    running.delete(execution.executionArn);
  };

  const launch = (
    execution: ExecutionRecord,
    clock: Clock,
    runTask: TaskRunner,
    recorded: readonly HistoryEvent[] = [],
  ): void => {
    const waits = new LiveWaits(clock, runTask, (request, signal) =>
      mapRuns.run({ execution, clock, runTask }, request, signal),
    );
    running.set(execution.executionArn, { waits, end: run(execution, clock, waits, recorded) });
  };
  const mapRuns = createMapRuns({
    store,
    s3,
    start: (...child) => engine.start(...child),
    redrive: (...child) => engine.redrive(...child),
    stop: (...child) => engine.stop(...child),
    finished: (executionArn) => engine.finished(executionArn),
    isHalted: () => isHalted,
  });

  const engine: Engine = {
    start(stateMachine, started, runTask = runTaskByDefault, clock = createClock()) {
      compile(stateMachine);
      // The spread comes last: V8 takes as long for each field after one as for all the rest of this.
      const execution: ExecutionRecord = { stateMachine, startDate: clock.now(), status: 'RUNNING', ...started };
      if (stateMachine.type === 'STANDARD') store.putExecution(execution);
      launch(execution, clock, runTask);
      return execution;
    },
    resume() {
      for (const execution of [...store.runningExecutions()]) {
        const recorded = [...store.getEvents(execution.executionArn)];
        const clock = notBefore(createClock(), recorded.at(-1)?.timestamp ?? execution.startDate);
        launch(execution, clock, resumeTasks(execution, recorded), recorded);
      }
      mapRuns.abortOrphans();
    },
    redrive(execution, request, runTask, base = createClock()) {
      const recorded = [...store.getEvents(execution.executionArn)];
      const clock = notBefore(base, recorded.at(-1)?.timestamp ?? execution.startDate);
      for (const field of ['stopDate', 'output', 'error', 'cause'] as const) delete execution[field];
      const redriveCount = (execution.redriveCount ?? 0) + 1;
      Object.assign(execution, { ...request, status: 'RUNNING', redriveCount });
      store.putExecution(execution);
      launch(execution, clock, runTask ?? resumeTasks(execution, recorded), recorded);
    },
    async test(test) {
      const clock = createClock();
      const waits = new LiveWaits(clock, runTaskByDefault);
      const { record } = createRecorder(clock.now, () => {});
      try {
        return await testState(test, { record, waits, pause });
      } finally {
        waits.dispose();
      }
    },
    halt() {
      isHalted = true;
      for (const { waits } of running.values()) waits.dispose();
    },
    async stop(executionArn, failure) {
      const current = running.get(executionArn);
      current?.waits.interrupt({ id: STARTED_EVENT_ID, kind: 'aborted', ...failure });
      await current?.end;
    },
    async finished(executionArn) {
      await running.get(executionArn)?.end;
    },
    async answerTask(taskToken, answer) {
      const executionArn = readTaskToken(taskToken);
      const current = executionArn === undefined ? undefined : running.get(executionArn);
      return (await current?.waits.answer(taskToken, answer)) ?? false;
    },
    mapRuns,
  };
  return engine;
}

/** The events before the last redrive, if there is one, and those since, ExecutionRedriven the first of them. */
function splitAtRedrive(recorded: readonly HistoryEvent[], redriveCount = 0) {
  if (redriveCount === 0) return { before: undefined, since: recorded };
  const redrives = recorded.filter(({ type }) => type === 'ExecutionRedriven');
  const { id } = redrives[redriveCount - 1] ?? { id: recorded.length + 1 };
  return { before: recorded.slice(0, id - 1), since: recorded.slice(id - 1) };
}

function startOf({ executionArn, name, input, stateMachine }: ExecutionRecord): ExecutionStart {
  return {
    executionArn,
    executionName: name,
    stateMachineArn: stateMachine.stateMachineArn,
    stateMachineName: stateMachine.name,
    type: stateMachine.type,
    roleArn: stateMachine.roleArn,
    input,
  };
}
