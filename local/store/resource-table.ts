import type { Database } from './database.ts';
import type { Table } from './store.ts';

/** A table of few records: held in memory, written through by `add` to the next commit. */
export function createResourceTable<T>(
  database: Database,
  add: (write: () => void) => void,
  kind: string,
  arnOf: (record: T) => string,
): Table<T> {
  const upsert = database.prepare(
    'INSERT INTO resources (kind, arn, record) VALUES (?, ?, ?) ON CONFLICT (kind, arn) DO UPDATE SET record = excluded.record',
  );
  const remove = database.prepare('DELETE FROM resources WHERE kind = ? AND arn = ?');
  const rows = database.prepare('SELECT record FROM resources WHERE kind = ? ORDER BY position').all(kind);
  const records = new Map(
    (rows as { record: string }[])
      .map(({ record }) => JSON.parse(record) as T)
      .map((record) => [arnOf(record), record]),
  );
  return {
    put(record) {
      records.set(arnOf(record), record);
      add(() => upsert.run(kind, arnOf(record), JSON.stringify(record)));
    },
    get: (arn) => records.get(arn),
    delete(arn) {
      records.delete(arn);
      add(() => remove.run(kind, arn));
    },
    list: () => [...records.values()],
  };
}
