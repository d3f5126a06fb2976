import type { EventDetails, EventType, HistoryEvent } from '../history/events.ts';
import type { Testing } from './inspection.ts';
import type { JsonObject } from './json.ts';
import type { Pause } from './query/template.ts';

/** What all states of one execution share. */
export interface ExecutionScope {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly region: string;
  /** The context object, without what belongs to the state (developer guide, "Accessing execution data"). */
  readonly context: JsonObject;
  /** How often the execution was redriven. */
  readonly redriveCount: number;
  /** Where a state is tested alone. */
  readonly testing?: Testing;
  readonly pause: Pause | undefined;
  record<T extends EventType>(type: T, previousEventId: number, details: EventDetails[T]): HistoryEvent<T>;
}
