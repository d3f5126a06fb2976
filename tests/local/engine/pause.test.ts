import { expect, test } from '@jest/globals';
import { createPause } from '../../../local/engine/pause.ts';

test('lets so many go on in a turn of the event loop as there is time for, the first to have asked first', async () => {
  let [now, turn] = [0, 0];
  const pause = createPause(() => now);
  const turns: string[][] = [];
  const work = async (name: string): Promise<void> => {
    for (const part of [1, 2]) {
      const over = pause();
      if (over) await over;
      now += 4;
      turns[turn] = [...(turns[turn] ?? []), `${name}${part}`];
      await undefined; // others are let go meanwhile
    }
  };
  const countTurns = (): void => {
    turn += 1;
    if (turns.flat().length < 12) setImmediate(countTurns);
  };
  setImmediate(countTurns);
  await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(work));
  expect(turns).toEqual([
    ['a1', 'b1', 'c1'],
    ['d1', 'd2', 'e1'],
    ['f1', 'f2', 'a2'],
    ['b2', 'c2', 'e2'],
  ]);
});
