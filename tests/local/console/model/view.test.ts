import { expect, test } from '@jest/globals';
import { END, START } from '../../../../local/console/model/graph.ts';
import { mapItems } from '../../../../local/console/model/items.ts';
import { readHistory } from '../../../../local/console/model/read-history.ts';
import { timelineOf } from '../../../../local/console/model/timeline.ts';
import { countTransitions, type Selection, viewOf } from '../../../../local/console/model/view.ts';
import { toApiHistory } from '../../../support/api-history.ts';
import { scriptedTasks } from '../../../support/cases.ts';
import { runMachine, START as STARTED } from '../../../support/run.ts';

const call = {
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: {},
  Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 2 }],
  End: true,
};
const DEFINITION = {
  QueryLanguage: 'JSONata',
  StartAt: 'M',
  States: {
    M: {
      Type: 'Map',
      MaxConcurrency: 1,
      ToleratedFailureCount: 1,
      ItemProcessor: { StartAt: 'T', States: { T: call } },
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'After' }],
      Next: 'After',
    },
    After: { Type: 'Pass', End: true },
  },
};

async function run() {
  const T = [{ throw: { error: 'Busy' } }, { return: 1 }, { throw: { error: 'Broken' } }, { return: 3 }];
  const { events } = await runMachine(DEFINITION, [1, 2, 3], scriptedTasks({ T }));
  return readHistory(toApiHistory(events));
}

/** What is told of a state: its status, how many entries in which, and retries. */
async function look(selection: Selection) {
  const { states, taken } = viewOf(await run(), selection, true);
  const told = [...states].map(([name, { status, counts, retries }]) => [name, status, counts, retries]);
  const arrows = [...taken].map(([key, times]) => [...key.split('\u0001').slice(0, 2), times]);
  return { told, arrows };
}

test('transitions are the start, each state that was entered, and each retry', async () => {
  // M, T of three items, one of them retried, After.
  expect(countTransitions(await run())).toBe(1 + 1 + 3 + 1 + 1);
});

test('over all items a state shows the status that most needs to be looked at', async () => {
  const { told, arrows } = await look({});
  expect(told).toEqual([
    ['M', 'succeeded', { succeeded: 1 }, 0],
    ['T', 'failed', { succeeded: 2, failed: 1 }, 1],
    ['After', 'succeeded', { succeeded: 1 }, 0],
  ]);
  expect(arrows).toEqual([
    [START, 'M', 1],
    ['M', 'After', 1],
    ['After', END, 1],
  ]);
});

test('of one item a state shows its own', async () => {
  expect((await look({ M: 0 })).told[1]).toEqual(['T', 'succeeded', { succeeded: 1 }, 1]);
  expect((await look({ M: 1 })).told[1]).toEqual(['T', 'failed', { failed: 1 }, 0]);
});

test('an arrow of a Catch is another than one of going on to the same state', async () => {
  const { taken } = viewOf(await run(), {}, true);
  expect(taken.has('M\u0001After\u0001')).toBe(true);
  expect(taken.has('M\u0001After\u0001catch')).toBe(false);
});

test('items are counted by how they stand', async () => {
  const [items] = mapItems(await run(), {});
  expect(items?.counts).toEqual({ succeeded: 2, failed: 1 });
  expect([items?.iterations.map(({ index }) => index), items?.pending]).toEqual([[0, 1, 2], 0]);
});

test('the timeline shows attempts and the waits between them', async () => {
  const rows = timelineOf(await run(), { M: 0 }, 0);
  expect(
    rows.map(({ step, depth, segments }) => [
      step.name,
      depth,
      segments.map(({ kind, from, to, status, title }) => [kind, from - STARTED, to - STARTED, status, title]),
    ]),
  ).toEqual([
    ['M', 0, [['attempt', 0, 2000, 'succeeded', 'Attempt 1']]],
    [
      'T',
      1,
      [
        ['attempt', 0, 0, 'failed', 'Attempt 1: Busy'],
        ['wait', 0, 2000, 'aborted', 'Waited for the retry'],
        ['attempt', 2000, 2000, 'succeeded', 'Attempt 2'],
      ],
    ],
    ['After', 0, [['state', 2000, 2000, 'succeeded', 'Pass']]],
  ]);
});
