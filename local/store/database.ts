import { join } from 'node:path';
import Libsql from 'libsql';
import { makeFolder } from './make-folder.ts';
import { StoreError } from './store.ts';

export type Database = Libsql.Database;

/** In the data folder; a user can open it with sqlite3. */
const FILE = 'step-functions.db';

/** The layout below; a file of another one is refused. */
const LAYOUT = 1;

/** Written once a layout; `record` columns hold what the other columns do not, as JSON. Times are ms since the epoch. */
const SCHEMA = `
  CREATE TABLE resources (
    position INTEGER PRIMARY KEY, kind TEXT NOT NULL, arn TEXT NOT NULL, record TEXT NOT NULL, UNIQUE (kind, arn)
  );
  CREATE TABLE revisions (id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE, record TEXT NOT NULL);
  CREATE TABLE executions (
    position INTEGER PRIMARY KEY AUTOINCREMENT, arn TEXT NOT NULL UNIQUE, state_machine_arn TEXT NOT NULL,
    name TEXT NOT NULL, status TEXT NOT NULL, start_date INTEGER NOT NULL, stop_date INTEGER,
    input TEXT NOT NULL, output TEXT, error TEXT, cause TEXT, revision INTEGER NOT NULL, record TEXT NOT NULL
  );
  CREATE INDEX executions_of_a_machine ON executions (state_machine_arn, position);
  CREATE INDEX executions_running ON executions (position) WHERE status = 'RUNNING';
  CREATE TABLE events (
    execution INTEGER NOT NULL, id INTEGER NOT NULL, previous_event_id INTEGER NOT NULL, timestamp INTEGER NOT NULL,
    type TEXT NOT NULL, details TEXT, PRIMARY KEY (execution, id)
  ) WITHOUT ROWID;
  PRAGMA user_version = ${LAYOUT};
`;

/** Opens the database of a data folder, for this process alone. Throws a StoreError. */
export function openDatabase(folder: string): Database {
  const file = join(folder, FILE);
  let database: Database | undefined;
  try {
    makeFolder(folder);
    database = new Libsql(file);
    // Held until the process ends, however it ends; so a second one on the same folder finds it taken.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    database.exec('BEGIN IMMEDIATE; COMMIT;');
    prepareLayout(database, file);
    return database;
  } catch (error) {
    database?.close();
    throw error instanceof StoreError ? error : explain(error, folder, file);
  }
}

/** Closes the file and lets go of it, which the driver alone does only when its statements are collected. */
export function closeDatabase(database: Database): void {
  // The lock of a file in WAL mode cannot be given back before that mode is left.
  try {
    database.exec('PRAGMA journal_mode = DELETE; PRAGMA locking_mode = NORMAL; SELECT 1 FROM events LIMIT 1;');
  } catch (error) {
    // Somebody deleted the file: then nobody else waits for it.
    if ((error as { code?: string }).code !== 'SQLITE_READONLY_DBMOVED') throw error;
  }
  database.close();
}

function prepareLayout(database: Database, file: string): void {
  const { quick_check: state } = database.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
  if (state !== 'ok') throw damaged(file, state);
  const { user_version: layout } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (layout === 0) database.exec(`BEGIN; ${SCHEMA} COMMIT;`);
  else if (layout !== LAYOUT) {
    throw new StoreError(
      `${file}: found layout ${layout}, allowed is ${LAYOUT}; use the version that wrote it, or another --data-dir`,
    );
  }
}

function explain(error: unknown, folder: string, file: string): StoreError {
  const { code = '', message } = error as { code?: string; message: string };
  if (/locked|busy/i.test(`${code} ${message}`)) {
    return new StoreError(
      `The data folder ${folder} is in use by another process; end that one, or use another --data-dir`,
    );
  }
  if (/notadb|corrupt|malformed|not a database/i.test(`${code} ${message}`)) return damaged(file, message);
  return new StoreError(`The data folder ${folder} cannot be used: ${message}`);
}

function damaged(file: string, what: string): StoreError {
  return new StoreError(
    `${file} is damaged (${what}); move it away, or rescue what can be read: sqlite3 ${file} .recover | sqlite3 rescued.db`,
  );
}
