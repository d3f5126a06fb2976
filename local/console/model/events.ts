/** Execution histories in the form of the API (API reference, "HistoryEvent"), in JSON. */

/** The details that one type of event or another carries; payloads are JSON texts. */
export interface EventDetails {
  readonly name?: string;
  /** Of a Map's item, from 0. */
  readonly index?: number;
  /** Of a Map's items. */
  readonly length?: number;
  readonly input?: string;
  readonly output?: string;
  /** What a task was called with. */
  readonly parameters?: string;
  readonly error?: string;
  readonly cause?: string;
  /** Where an expression failed. */
  readonly location?: string;
  readonly state?: string;
  readonly resource?: string;
  readonly resourceType?: string;
  readonly mapRunArn?: string;
  readonly assignedVariables?: Readonly<Record<string, string>>;
  readonly redriveCount?: number;
}

export interface ApiEvent {
  readonly id: number;
  readonly previousEventId?: number;
  readonly type: string;
  /** Seconds since the epoch, as all times of the API. */
  readonly timestamp: number;
}

const NONE: EventDetails = {};

/** The details of an event, under whatever key its type puts them. */
export function detailsOf(event: ApiEvent): EventDetails {
  for (const [key, value] of Object.entries(event)) if (key.endsWith('EventDetails')) return value as EventDetails;
  return NONE;
}

/** Milliseconds since the epoch. */
export function timeOf(event: ApiEvent): number {
  return Math.round(event.timestamp * 1000);
}
