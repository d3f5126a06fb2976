import { createHash } from 'node:crypto';
import type { EventType, HistoryEvent } from '../history/events.ts';
import type { Database } from './database.ts';
import type { ExecutionRecord, StateMachineRecord } from './store.ts';

interface ExecutionRow {
  readonly arn: string;
  readonly name: string;
  readonly status: ExecutionRecord['status'];
  readonly start_date: number;
  readonly stop_date: number | null;
  readonly input: string;
  readonly output: string | null;
  readonly error: string | null;
  readonly cause: string | null;
  readonly revision: number;
  readonly record: string;
}

interface EventRow {
  readonly id: number;
  readonly previous_event_id: number;
  readonly timestamp: number;
  readonly type: EventType;
  readonly details: string | null;
}

/** How many executions are read at a time while they are listed. */
const PAGE = 100;

const UPSERT = `
  INSERT INTO executions (arn, state_machine_arn, name, status, start_date, input, revision, record)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (arn) DO UPDATE SET status = excluded.status, start_date = excluded.start_date, record = excluded.record`;
const SET_END = 'UPDATE executions SET stop_date = ?, output = ?, error = ?, cause = ? WHERE arn = ?';
const PUT_EVENT = `
  INSERT INTO events (execution, id, previous_event_id, timestamp, type, details)
  VALUES ((SELECT position FROM executions WHERE arn = ?), ?, ?, ?, ?, ?)`;
const EVENTS = 'SELECT * FROM events WHERE execution = (SELECT position FROM executions WHERE arn = ?) ORDER BY id';
const LIST = `
  SELECT * FROM executions WHERE state_machine_arn = ? AND position < ? ORDER BY position DESC LIMIT ${PAGE}`;
const DELETE_EVENTS =
  'DELETE FROM events WHERE execution IN (SELECT position FROM executions WHERE state_machine_arn = ?)';

/** Executions and events as rows of the database. */
export function createExecutionRows(database: Database) {
  const statements = {
    upsert: database.prepare(UPSERT),
    setEnd: database.prepare(SET_END),
    get: database.prepare('SELECT * FROM executions WHERE arn = ?'),
    position: database.prepare('SELECT position FROM executions WHERE arn = ?'),
    list: database.prepare(LIST),
    running: database.prepare("SELECT * FROM executions WHERE status = 'RUNNING' ORDER BY position"),
    putEvent: database.prepare(PUT_EVENT),
    events: database.prepare(EVENTS),
    deleteEvents: database.prepare(DELETE_EVENTS),
    deleteExecutions: database.prepare('DELETE FROM executions WHERE state_machine_arn = ?'),
  };
  const revisions = createRevisions(database);

  const toRecord = (row: ExecutionRow): ExecutionRecord => ({
    ...(JSON.parse(row.record) as object),
    executionArn: row.arn,
    name: row.name,
    stateMachine: revisions.get(row.revision),
    input: row.input,
    startDate: row.start_date,
    status: row.status,
    ...(row.stop_date !== null && { stopDate: row.stop_date }),
    ...(row.output !== null && { output: row.output }),
    ...(row.error !== null && { error: row.error }),
    ...(row.cause !== null && { cause: row.cause }),
  });
  return {
    put({ executionArn, name, stateMachine, input, startDate, status, ...rest }: ExecutionRecord): void {
      const { stopDate, output, error, cause, ...record } = rest;
      const { stateMachineArn } = stateMachine;
      const fields = [executionArn, stateMachineArn, name, status, startDate, input];
      statements.upsert.run(...fields, revisions.put(stateMachine), JSON.stringify(record));
      // Only one that was redriven has an end to forget.
      if (status === 'RUNNING' && rest.redriveCount === undefined) return;
      statements.setEnd.run(stopDate ?? null, output ?? null, error ?? null, cause ?? null, executionArn);
    },
    get(arn: string): ExecutionRecord | undefined {
      const row = statements.get.get(arn) as ExecutionRow | undefined;
      return row && toRecord(row);
    },
    /** The last one started first; only those started before the one given. */
    *list(stateMachineArn: string, before: string | undefined): Generator<ExecutionRecord> {
      const first = before === undefined ? undefined : (statements.position.get(before) as { position: number });
      let end = first?.position ?? Number.MAX_SAFE_INTEGER;
      for (;;) {
        const rows = statements.list.all(stateMachineArn, end) as (ExecutionRow & { position: number })[];
        for (const row of rows) yield toRecord(row);
        if (rows.length < PAGE) return;
        end = rows.at(-1)?.position ?? 0;
      }
    },
    running: (): ExecutionRecord[] => (statements.running.all() as ExecutionRow[]).map(toRecord),
    deleteAll(stateMachineArn: string): void {
      statements.deleteEvents.run(stateMachineArn);
      statements.deleteExecutions.run(stateMachineArn);
    },
    putEvent(executionArn: string, { id, previousEventId, timestamp, type, details }: HistoryEvent): void {
      const json = details === undefined ? null : JSON.stringify(details);
      statements.putEvent.run(executionArn, id, previousEventId, timestamp, type, json);
    },
    events: (executionArn: string): HistoryEvent[] => (statements.events.all(executionArn) as EventRow[]).map(toEvent),
  };
}

function toEvent({ id, previous_event_id, timestamp, type, details }: EventRow): HistoryEvent {
  const parsed = details === null ? undefined : (JSON.parse(details) as HistoryEvent['details']);
  return { id, previousEventId: previous_event_id, timestamp, type, details: parsed as never };
}

/** The state machines that executions run: stored once, however many executions there are. */
function createRevisions(database: Database) {
  const insert = database.prepare('INSERT INTO revisions (hash, record) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const find = database.prepare('SELECT id FROM revisions WHERE hash = ?');
  const select = database.prepare('SELECT record FROM revisions WHERE id = ?');
  const hashes = new WeakMap<StateMachineRecord, { json: string; hash: string }>();
  const records = new Map<number, StateMachineRecord>();
  const hashOf = (record: StateMachineRecord) => {
    const json = JSON.stringify(record);
    const hashed = { json, hash: createHash('sha256').update(json).digest('hex') };
    hashes.set(record, hashed);
    return hashed;
  };
  return {
    put(record: StateMachineRecord): number {
      const { json, hash } = hashes.get(record) ?? hashOf(record);
      insert.run(hash, json);
      return (find.get(hash) as { id: number }).id;
    },
    get(id: number): StateMachineRecord {
      const known = records.get(id);
      if (known) return known;
      const record = JSON.parse((select.get(id) as { record: string }).record) as StateMachineRecord;
      records.set(id, record);
      return record;
    },
  };
}
