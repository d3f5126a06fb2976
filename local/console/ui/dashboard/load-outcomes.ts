import type { Definition } from '../../model/definition.ts';
import { type LogEvent, type Outcome, readOutcomes } from '../../model/outcomes.ts';
import { findLogGroups, readLogs } from '../api/logs.ts';
import { stepFunctions } from '../api/step-functions.ts';
import type { StateMachineDescription } from '../api/types.ts';
import { settings } from '../settings.ts';

export interface OutcomeData {
  readonly outcomes: readonly Outcome[];
  /** When it was looked, in milliseconds since the epoch. */
  readonly until: number;
  readonly groups: readonly string[];
  readonly events: readonly LogEvent[];
}

/** Lines may come late; what is younger than this is read again. */
const LATE_MS = 60_000;

/** Reads the ends of executions in a time range up to now; with what was read before, only what may be new. */
export async function loadOutcomes(
  stateMachineArn: string,
  rangeMs: number,
  before: OutcomeData | undefined,
): Promise<OutcomeData> {
  const lines = settings.outcomes;
  const until = Date.now();
  const from = until - rangeMs;
  const groups = before?.groups ?? (await findGroups(stateMachineArn));
  if (!lines) return { outcomes: [], until, groups, events: [] };
  const since = before ? Math.max(from, before.until - LATE_MS) : from;
  const fresh = await readLogs(groups, {
    startTime: since,
    filterPattern: `{ $.event = "${lines.answered}" || $.event = "${lines.failed}" }`,
  });
  const events = [
    ...(before?.events ?? []).filter(({ timestamp }) => timestamp >= from && timestamp < since),
    ...fresh,
  ];
  return { outcomes: readOutcomes(events, lines), until, groups, events };
}

async function findGroups(stateMachineArn: string): Promise<readonly string[]> {
  const { definition } = await stepFunctions<StateMachineDescription>('DescribeStateMachine', { stateMachineArn });
  return findLogGroups(JSON.parse(definition) as Definition);
}
