import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { createGroupCommit } from '../../../local/store/group-commit.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A database whose transactions fail while `isFull`. */
function createDatabase() {
  const state = { isFull: false, commits: 0 };
  const transaction = (apply: () => void) => () => {
    if (state.isFull) throw new Error('database or disk is full');
    apply();
    state.commits += 1;
  };
  return { state, database: { transaction } as never };
}

test('what is written in one turn of the event loop is one commit', async () => {
  const { state, database } = createDatabase();
  const written: number[] = [];
  const { add, flush } = createGroupCommit(database, () => {});
  for (const value of [1, 2, 3]) add(() => written.push(value));
  const flushed = Promise.all([flush(), flush()]);
  expect(written).toEqual([]);
  jest.runAllTimers();
  await flushed;
  expect([written, state.commits]).toEqual([[1, 2, 3], 1]);
  await flush();
  expect(state.commits).toBe(1);
});

test('a full disk acknowledges nothing, loses nothing, and is tried again every second', async () => {
  const { state, database } = createDatabase();
  const written: number[] = [];
  const { add, flush } = createGroupCommit(database, () => {});
  state.isFull = true;
  add(() => written.push(1));
  const refused = expect(flush()).rejects.toThrow('The data folder cannot be written: database or disk is full');
  jest.advanceTimersByTime(1);
  await refused;
  state.isFull = false;
  jest.advanceTimersByTime(998);
  expect(written).toEqual([]);
  jest.advanceTimersByTime(2);
  expect([written, state.commits]).toEqual([[1], 1]);
});

test('a commit asked for at once takes what is waiting', () => {
  const { state, database } = createDatabase();
  const committed: number[] = [];
  const commits = createGroupCommit(database, () => committed.push(state.commits));
  commits.add(() => {});
  commits.commit();
  commits.commit();
  jest.runAllTimers();
  expect([state.commits, committed]).toEqual([1, [1]]);
});
