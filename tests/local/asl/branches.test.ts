import { describe, expect, test } from '@jest/globals';
import type { Effect, Outcome } from '../../../local/asl/effects.ts';
import { type ExecutionEnd, interpret } from '../../../local/asl/interpreter.ts';
import { compileMachine } from '../../../local/asl/machine.ts';
import { createRandom } from '../../../local/asl/random.ts';
import { createSkippingClock } from '../../../local/engine/clock.ts';
import { LiveWaits } from '../../../local/engine/live-waits.ts';
import type { HistoryEvent } from '../../../local/history/events.ts';
import { createRecorder } from '../../../local/history/recorder.ts';
import { UNANSWERED } from '../../../local/tasks/task.ts';
import { eventLines, NAMES, runMachine, START } from '../../support/run.ts';

const task = (more: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: '{% $states.input %}',
  ...more,
});
const mapOver = (items: string, states: Record<string, object>, more: object = {}) => ({
  Type: 'Map',
  Items: items,
  ItemProcessor: { StartAt: Object.keys(states)[0], States: states },
  ...more,
});
const machineOf = (state: object, after: object = {}) =>
  compileMachine({ QueryLanguage: 'JSONata', StartAt: 'S', States: { S: state, ...after } } as never);

/** A Parallel of Maps and waits: 40 tasks and 12 waits, three levels deep. */
const NESTED = {
  Type: 'Parallel',
  Branches: [
    {
      StartAt: 'M',
      States: { M: mapOver('{% [1..20] %}', { T: task({ End: true }) }, { MaxConcurrency: 3, End: true }) },
    },
    {
      StartAt: 'N',
      States: {
        N: mapOver(
          '{% [1..4] %}',
          {
            Q: {
              Type: 'Parallel',
              Branches: [
                { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 1, Next: 'U' }, U: task({ End: true }) } },
                { StartAt: 'O', States: { O: mapOver('{% [1..4] %}', { V: task({ End: true }) }, { End: true }) } },
              ],
              End: true,
            },
          },
          { End: true },
        ),
      },
    },
    ...[1, 2, 3, 4].map((n) => ({
      StartAt: `X${n}`,
      States: {
        [`X${n}`]: { Type: 'Wait', Seconds: n, Next: `Y${n}` },
        [`Y${n}`]: { Type: 'Wait', Seconds: 1, End: true },
      },
    })),
  ],
  End: true,
};

interface Ordered {
  readonly end: ExecutionEnd;
  readonly events: readonly HistoryEvent[];
  /** Waits that were begun and neither ended nor were cancelled. */
  readonly left: number;
}

/** Runs a machine whose waits end in an order drawn from the seed: a task gives its arguments, or fails on 13. */
async function runInRandomOrder(machine: ReturnType<typeof machineOf>, seed: string): Promise<Ordered> {
  const random = createRandom(seed);
  const waits = new Map<number, Effect>();
  const events: HistoryEvent[] = [];
  let now = START;
  const { record } = createRecorder(
    () => now,
    (event) => events.push(event),
  );
  const next = async (): Promise<Outcome> => {
    const pending = [...waits.values()];
    const { id, task, until } = pending[Math.floor(random.next() * pending.length)] as Effect;
    waits.delete(id);
    now = Math.max(now, until ?? 0);
    if (!task) return { id, kind: 'elapsed' };
    if (task.arguments === '13') return { id, kind: 'failed', error: 'Unlucky' };
    return { id, kind: 'succeeded', result: task.arguments };
  };
  const begin = (effect: Effect) => waits.set(effect.id, effect);
  const cancel = (id: number) => waits.delete(id);
  const end = await interpret(machine, { ...NAMES, input: '{}' }, { record, waits: { begin, cancel, next } });
  return { end, events, left: waits.size };
}

const SEEDS = Array.from({ length: 60 }, (_, index) => `order ${index}`);

describe('the order in which waits end', () => {
  test('decides nothing about the result', async () => {
    const machine = machineOf(NESTED);
    const range = (length: number) => Array.from({ length }, (_, index) => index + 1);
    const failing = (await runInRandomOrder(machine, 'first')).end;
    expect(failing).toEqual({ status: 'FAILED', error: 'Unlucky' });
    const lucky = machineOf({ ...NESTED, Branches: NESTED.Branches.slice(1) });
    const output = JSON.stringify([range(4).map((n) => [n, range(4)]), {}, {}, {}, {}]);
    for (const seed of SEEDS) {
      expect((await runInRandomOrder(lucky, seed)).end).toEqual({ status: 'SUCCEEDED', output });
    }
  });

  test('and nothing else decides the history', async () => {
    const machine = machineOf(NESTED);
    for (const seed of SEEDS.slice(0, 10)) {
      const [{ events }, again] = [await runInRandomOrder(machine, seed), await runInRandomOrder(machine, seed)];
      expect(again.events).toEqual(events);
      expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => index + 1));
      expect(events.filter(({ id, previousEventId }) => previousEventId >= id)).toEqual([]);
    }
  });

  test('leaves no wait behind where a failure cuts branches off', async () => {
    const machine = machineOf(
      { ...NESTED, Catch: [{ ErrorEquals: ['Unlucky'], Output: 'caught', Next: 'E' }] },
      { E: mapOver('{% [1..5] %}', { Z: task({ End: true }) }, { End: true }) },
    );
    for (const seed of SEEDS) {
      const { end, events, left } = await runInRandomOrder(machine, seed);
      expect([end, left]).toEqual([{ status: 'SUCCEEDED', output: '[1,2,3,4,5]' }, 0]);
      expect(unfinished(events)).toEqual([]);
    }
  });
});

/** Iterations that neither succeeded, failed nor were aborted. */
function unfinished(events: readonly HistoryEvent[]): string[] {
  const open = new Map<string, number>();
  for (const { type, details } of events) {
    if (!type.startsWith('MapIteration')) continue;
    const { name, index } = details as { name: string; index: number };
    const key = `${name} ${index}`;
    open.set(key, (open.get(key) ?? 0) + (type === 'MapIterationStarted' ? 1 : -1));
  }
  return [...open].filter(([, count]) => count !== 0).map(([key]) => key);
}

describe('an inline Map', () => {
  const count = (items: number) => ({
    QueryLanguage: 'JSONata',
    StartAt: 'M',
    States: {
      M: mapOver(`{% [1..${items}] %}`, { I: { Type: 'Pass', Output: 0, End: true } }, { Output: 'done', End: true }),
    },
  });

  test('of 6,000 items records four events an item', async () => {
    const { end, events } = await runMachine(count(6_000));
    expect(end).toEqual({ status: 'SUCCEEDED', output: '"done"' });
    expect(events.length).toBe(6 + 4 * 6_000);
  });

  test('of 6,250 items ends at the limit of the history', async () => {
    const { end, events } = await runMachine(count(6_250));
    expect([end.error, events.length]).toEqual(['States.Runtime', 25_000]);
  });

  test('runs 40 iterations at the same time, however many there are', async () => {
    const running = { now: 0, most: 0 };
    const definition = {
      ...count(0),
      States: { M: mapOver('{% [1..100] %}', { T: task({ End: true }) }, { End: true }) },
    };
    await runMachine(definition, {}, async ({ arguments: text }) => {
      running.now += 1;
      running.most = Math.max(running.most, running.now);
      await new Promise(setImmediate);
      running.now -= 1;
      return text;
    });
    expect(running.most).toBe(40);
  });

  test('whose result is over 256 KiB fails', async () => {
    const definition = count(10);
    const states = { I: { Type: 'Pass', Output: 'x'.repeat(30_000), End: true } };
    const { end } = await runMachine({ ...definition, States: { M: mapOver('{% [1..10] %}', states, { End: true }) } });
    expect(end.error).toBe('States.DataLimitExceeded');
  });
});

test('a failure takes the tasks of other branches back and does not wait for them', async () => {
  const aborted: string[] = [];
  const definition = {
    QueryLanguage: 'JSONata',
    StartAt: 'P',
    States: {
      P: {
        Type: 'Parallel',
        Branches: [
          { StartAt: 'Endless', States: { Endless: task({ TimeoutSeconds: 60, End: true }) } },
          { StartAt: 'F', States: { F: { Type: 'Fail', Error: 'Broken' } } },
        ],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'W' }],
        End: true,
      },
      W: { Type: 'Wait', Seconds: 90, End: true },
    },
  };
  const { end, events } = await runMachine(definition, {}, ({ stateName }, { signal }) => {
    signal.addEventListener('abort', () => aborted.push(stateName));
    return new Promise(() => {});
  });
  expect(end).toEqual({ status: 'SUCCEEDED', output: '{"Error":"Broken"}' });
  expect(aborted).toEqual(['Endless']);
  expect(eventLines(events).slice(-4)).toEqual([
    '0 10<-9 ParallelStateExited P',
    '0 11<-10 WaitStateEntered W',
    '90 12<-11 WaitStateExited W',
    '90 13<-12 ExecutionSucceeded',
  ]);
});

test('a stop while branches run is one event that points nowhere', async () => {
  const clock = createSkippingClock(() => START);
  const events: HistoryEvent[] = [];
  const { record } = createRecorder(clock.now, (event) => events.push(event));
  const waits: LiveWaits = new LiveWaits(clock, async () => {
    waits.interrupt({ id: 1, kind: 'aborted', error: 'Stopped' });
    return UNANSWERED;
  });
  const end = await interpret(
    machineOf(mapOver('{% [1] %}', { T: task({ End: true }) }, { End: true })),
    { ...NAMES, input: '{}' },
    { record, waits },
  );
  expect(end).toEqual({ status: 'ABORTED', error: 'Stopped' });
  expect(eventLines(events).slice(-2)).toEqual(['0 7<-6 TaskStarted', '0 8<-0 ExecutionAborted Stopped']);
});
