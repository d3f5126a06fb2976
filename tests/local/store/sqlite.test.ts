import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import Libsql from 'libsql';
import type { HistoryEvent } from '../../../local/history/events.ts';
import { createMemoryStore } from '../../../local/store/memory.ts';
import { openSqliteStore } from '../../../local/store/sqlite.ts';
import type { ExecutionRecord, StateMachineRecord, Store } from '../../../local/store/store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const MACHINE: StateMachineRecord = {
  stateMachineArn: 'arn:machine',
  name: 'machine',
  type: 'STANDARD',
  roleArn: 'arn:role',
  definition: '{}',
  creationDate: 1,
};

const execution = (name: string, changes: Partial<ExecutionRecord> = {}): ExecutionRecord => ({
  executionArn: `arn:execution:${name}`,
  name,
  stateMachine: MACHINE,
  input: '{"a":1}',
  traceHeader: 'Root=1',
  startDate: 10,
  status: 'RUNNING',
  ...changes,
});

const EVENTS: HistoryEvent[] = [
  {
    id: 1,
    previousEventId: 0,
    timestamp: 10,
    type: 'ExecutionStarted',
    details: { input: '{}', inputDetails: { truncated: false }, roleArn: 'arn:role' },
  },
  { id: 2, previousEventId: 0, timestamp: 11, type: 'LambdaFunctionStarted', details: undefined },
];

/** Puts into a store what every store must give back. */
function fill(store: Store): void {
  store.stateMachines.put(MACHINE);
  store.tags.put({ resourceArn: 'arn:machine', tags: [{ key: 'team', value: 'a' }] });
  store.tags.put({ resourceArn: 'arn:gone', tags: [] });
  store.tags.delete('arn:gone');
  for (const name of ['one', 'two', 'three']) store.putExecution(execution(name));
  for (const event of EVENTS) store.appendEvent('arn:execution:one', event);
  store.putExecution(execution('two', { status: 'FAILED', stopDate: 12, error: 'E', cause: 'C' }));
  store.putExecution(execution('three', { status: 'SUCCEEDED', stopDate: 12, output: '1' }));
}

function contents(store: Store) {
  return {
    machines: store.stateMachines.list(),
    tags: store.tags.list(),
    one: store.getExecution('arn:execution:one'),
    none: store.getExecution('arn:execution:none'),
    listed: [...store.listExecutions('arn:machine')].map(({ name }) => name),
    before: [...store.listExecutions('arn:machine', 'arn:execution:three')].map(({ name }) => name),
    running: [...store.runningExecutions()].map(({ name }) => name),
    failed: store.getExecution('arn:execution:two'),
    succeeded: store.getExecution('arn:execution:three'),
    events: store.getEvents('arn:execution:one'),
    noEvents: store.getEvents('arn:execution:none'),
  };
}

const EXPECTED = {
  machines: [MACHINE],
  tags: [{ resourceArn: 'arn:machine', tags: [{ key: 'team', value: 'a' }] }],
  one: execution('one'),
  none: undefined,
  listed: ['three', 'two', 'one'],
  before: ['two', 'one'],
  running: ['one'],
  failed: execution('two', { status: 'FAILED', stopDate: 12, error: 'E', cause: 'C' }),
  succeeded: execution('three', { status: 'SUCCEEDED', stopDate: 12, output: '1' }),
  events: EVENTS,
  noEvents: [],
};

describe('a store', () => {
  test('in memory gives back what was put', () => {
    const store = createMemoryStore();
    fill(store);
    expect(contents(store)).toEqual(EXPECTED);
  });

  test('on disk gives it back before and after it is committed, and in the next process', async () => {
    const store = openSqliteStore(folder);
    fill(store);
    expect(contents(store)).toEqual(EXPECTED);
    await store.flush();
    expect(contents(store)).toEqual(EXPECTED);
    store.close();
    const reopened = openSqliteStore(folder);
    expect(contents(reopened)).toEqual(EXPECTED);
    reopened.deleteExecutions('arn:machine');
    await reopened.flush();
    expect([...reopened.listExecutions('arn:machine')]).toEqual([]);
    expect(reopened.getEvents('arn:execution:one')).toEqual([]);
    reopened.close();
  });

  test('on disk lists more executions than it reads at a time', async () => {
    const store = openSqliteStore(folder);
    const names = Array.from({ length: 250 }, (_, index) => `run-${index}`);
    for (const name of names) store.putExecution(execution(name, { status: 'ABORTED' }));
    expect([...store.listExecutions('arn:machine')].map(({ name }) => name)).toEqual(names.toReversed());
    store.close();
  });

  test('on disk keeps a state machine once, however many executions run it', async () => {
    const store = openSqliteStore(folder);
    store.putExecution(execution('one'));
    store.putExecution(execution('two', { stateMachine: { ...MACHINE } }));
    store.putExecution(execution('three', { stateMachine: { ...MACHINE, definition: '{"Comment":"new"}' } }));
    await store.flush();
    store.close();
    const database = new Libsql(join(folder, 'step-functions.db'));
    expect(database.prepare('SELECT count(*) AS count FROM revisions').get()).toMatchObject({ count: 2 });
    database.close();
  });
});

describe('a data folder', () => {
  const refusal = (path: string): string => {
    try {
      openSqliteStore(path).close();
      return 'opened';
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}`;
    }
  };

  test('in use by another process is refused', () => {
    const store = openSqliteStore(folder);
    const code = `new (require('libsql'))(${JSON.stringify(join(folder, 'step-functions.db'))}).exec('BEGIN IMMEDIATE')`;
    const other = spawnSync(process.execPath, ['--eval', code], { encoding: 'utf8', env: {} });
    expect(other.status).toBe(1);
    expect(other.stderr).toMatch(/locked/);
    expect(refusal(folder)).toBe(
      `StoreError: The data folder ${folder} is in use by another process; end that one, or use another --data-dir`,
    );
    store.close();
    expect(refusal(folder)).toBe('opened');
  });

  test('that is deleted meanwhile is closed all the same, and can be opened anew', async () => {
    const store = openSqliteStore(folder);
    store.putExecution(execution('a'));
    rmSync(folder, { recursive: true });
    store.close();
    const reopened = openSqliteStore(folder);
    expect(reopened.getExecution('arn:execution:a')).toBeUndefined();
    reopened.close();
  });

  test('with a file that is no database is refused', () => {
    const file = join(folder, 'step-functions.db');
    writeFileSync(file, 'not a database, but long enough to be taken for one'.repeat(100));
    expect(refusal(folder)).toBe(
      `StoreError: ${file} is damaged (file is not a database); move it away, or rescue what can be read: sqlite3 ${file} .recover | sqlite3 rescued.db`,
    );
  });

  test('with a damaged file is refused, never half read', () => {
    const store = openSqliteStore(folder);
    for (let index = 0; index < 500; index += 1)
      store.putExecution(execution(`run-${index}`, { input: '"x"'.repeat(100) }));
    store.close();
    const file = join(folder, 'step-functions.db');
    const bytes = readFileSync(file);
    bytes.fill(0xff, 5 * 4096, 20 * 4096);
    writeFileSync(file, bytes);
    expect(refusal(folder)).toMatch(new RegExp(`^StoreError: ${file} is damaged \\(`));
  });

  test('of another layout is refused by name', () => {
    openSqliteStore(folder).close();
    const file = join(folder, 'step-functions.db');
    const database = new Libsql(file);
    database.exec('PRAGMA user_version = 7');
    database.close();
    expect(refusal(folder)).toBe(
      `StoreError: ${file}: found layout 7, allowed is 1; use the version that wrote it, or another --data-dir`,
    );
  });

  test('that cannot be made is refused', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(refusal(join(file, 'data'))).toMatch(/^StoreError: The data folder .*\/file\/data cannot be used: ENOTDIR/);
  });
});
