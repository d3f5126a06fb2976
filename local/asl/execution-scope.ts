import type { EventDetails, EventType, HistoryEvent } from '../history/events.ts';
import type { Testing } from './inspection.ts';
import type { Json, JsonObject } from './json.ts';
import type { Pause } from './query/template.ts';
import type { Redrive } from './redrive.ts';

/** What an execution is started with. */
export interface ExecutionStart {
  readonly executionArn: string;
  readonly executionName: string;
  readonly stateMachineArn: string;
  readonly stateMachineName: string;
  readonly roleArn: string;
  readonly type: 'STANDARD' | 'EXPRESS';
  /** JSON text. */
  readonly input: string;
}

/** What the states of an execution need of the world. */
export interface World {
  record<T extends EventType>(type: T, previousEventId: number, details: EventDetails[T]): HistoryEvent<T>;
  /** Called between states, and in long evaluations: lets others run. Nothing depends on whether it does. */
  readonly pause?: Pause | undefined;
}

/** What all states of one execution share. */
export class ExecutionScope {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly record: World['record'];
  readonly pause: World['pause'];
  /** Where a state is tested alone. */
  readonly testing: Testing | undefined;
  readonly #start: ExecutionStart;
  readonly #time: number;
  readonly #redrive: Redrive | undefined;
  #region: string | undefined;
  #context: JsonObject | undefined;

  /** `time` is when the execution was started or redriven. */
  constructor(
    start: ExecutionStart,
    time: number,
    { record, pause }: World,
    { redrive, testing }: { readonly redrive?: Redrive | undefined; readonly testing?: Testing },
  ) {
    this.executionArn = start.executionArn;
    this.stateMachineArn = start.stateMachineArn;
    this.record = record;
    this.pause = pause;
    this.testing = testing;
    this.#start = start;
    this.#time = time;
    this.#redrive = redrive;
  }

  get region(): string {
    this.#region ??= this.stateMachineArn.split(':')[3] ?? ''; // arn:aws:states:REGION:...
    return this.#region;
  }

  /** How often the execution was redriven. */
  get redriveCount(): number {
    return this.#redrive?.count ?? 0;
  }

  /** The context object, without what belongs to the state (developer guide, "Accessing execution data"). */
  get context(): JsonObject {
    this.#context ??= contextObject(this.#start, this.#time, this.#redrive);
    return this.#context;
  }
}

function contextObject(start: ExecutionStart, time: number, redrive: Redrive | undefined): JsonObject {
  return {
    Execution: {
      Id: start.executionArn,
      Input: JSON.parse(start.input) as Json,
      Name: start.executionName,
      // As recorded on AWS: a state that is tested alone need not have a role.
      RoleArn: start.roleArn || null,
      StartTime: new Date(redrive?.startTime ?? time).toISOString(),
      // As recorded on AWS: what cannot be redriven has no count.
      ...(start.type === 'STANDARD' && { RedriveCount: redrive?.count ?? 0 }),
      ...(redrive && { RedriveTime: new Date(time).toISOString() }),
    },
    StateMachine: { Id: start.stateMachineArn, Name: start.stateMachineName },
  };
}
