import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { createGroupCommit } from '../../../local/store/group-commit.ts';

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['queueMicrotask'] });
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

test('who waits for a commit learns of one that was asked for at once', async () => {
  const { state, database } = createDatabase();
  const { add, commit, flush } = createGroupCommit(database, () => {});
  add(() => {});
  const flushed = flush();
  commit();
  await flushed;
  expect(state.commits).toBe(1);
});

test('a commit that was asked for at once and fails is tried again for those who wait', async () => {
  const { state, database } = createDatabase();
  const { add, commit, flush } = createGroupCommit(database, () => {});
  add(() => {});
  const flushed = flush();
  state.isFull = true;
  expect(commit).toThrow('database or disk is full');
  state.isFull = false;
  jest.runAllTimers();
  await flushed;
  expect(state.commits).toBe(1);
});

test('much is committed in portions, so that the event loop goes on', async () => {
  const { state, database } = createDatabase();
  const { add, flush } = createGroupCommit(database, () => {});
  const written: number[] = [];
  for (let value = 0; value < 501; value += 1) add(() => written.push(value));
  expect(written).toEqual([]);
  await flush();
  expect([written.length, state.commits]).toEqual([501, 1]);
  for (let value = 0; value < 500; value += 1) add(() => written.push(value));
  await Promise.resolve();
  add(() => written.push(-1));
  expect([written.length, state.commits]).toEqual([1001, 2]);
  jest.runAllTimers();
  expect([written.length, state.commits]).toEqual([1002, 3]);
});
