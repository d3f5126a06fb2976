import { describe, expect, test } from '@jest/globals';
import type { Effect } from '../../../local/asl/effects.ts';
import { interpret } from '../../../local/asl/interpreter.ts';
import type { Json } from '../../../local/asl/json.ts';
import { compileMachine } from '../../../local/asl/machine.ts';
import { createSkippingClock } from '../../../local/engine/clock.ts';
import { LiveWaits, type TaskAnswer } from '../../../local/engine/live-waits.ts';
import { createReplay } from '../../../local/engine/replay.ts';
import type { HistoryEvent } from '../../../local/history/events.ts';
import { createRecorder } from '../../../local/history/recorder.ts';
import { type Attempt, CASES, type Case, scriptedTasks } from '../../support/cases.ts';
import { NAMES, runMachine, START } from '../../support/run.ts';

type Tasks = NonNullable<Case['tasks']>;

/** Runs on from the first events of a history, as after a crash; returns the whole history. */
async function resume(definition: unknown, input: unknown, prefix: readonly HistoryEvent[], tasks: Tasks) {
  const events = [...prefix];
  const clock = createSkippingClock(() => prefix.at(-1)?.timestamp ?? START);
  const { record } = createRecorder(clock.now, (event) => events.push(event), { lastId: prefix.length });
  const calls = countAnswered(prefix);
  const live = new LiveWaits(clock, scriptedTasks(tasks, calls));
  const begin = (effect: Effect): void => {
    live.begin(effect);
    const { task, taskToken, id } = effect;
    // Whoever was given the token before the crash goes on, too.
    if (taskToken === undefined || (task && task.submitted === undefined)) return;
    const state = stateOf(events[id - 1] as HistoryEvent, events);
    const call = calls.get(state) ?? 0;
    calls.set(state, call + 1);
    const attempt = tasks[state]?.[call];
    if (attempt && !('hang' in attempt)) void live.answer(taskToken, answerOf(attempt));
  };
  const machine = compileMachine(structuredClone(definition) as Json);
  const replay = createReplay(prefix, {
    record,
    waits: { begin, cancel: (id) => live.cancel(id), next: () => live.next() },
  });
  const end = await interpret(machine, { ...NAMES, input: JSON.stringify(input) }, replay);
  return { end, events };
}

function answerOf(attempt: Exclude<Attempt, { hang: true }>): TaskAnswer {
  if ('throw' in attempt) return { kind: 'failed', ...attempt.throw };
  return { kind: 'succeeded', result: JSON.stringify(attempt.return) };
}

/** The name of the Task state that an event belongs to. */
function stateOf(event: HistoryEvent, events: readonly HistoryEvent[]): string {
  let entered: HistoryEvent | undefined = event;
  while (entered && entered.type !== 'TaskStateEntered') entered = events[entered.previousEventId - 1];
  return (entered?.details as { name: string } | undefined)?.name ?? '';
}

/** How many attempts of each state have ended. */
function countAnswered(events: readonly HistoryEvent[]): Map<string, number> {
  const ends = events.filter(({ type }) => /^(Task|LambdaFunction|Activity)(Succeeded|Failed|TimedOut)$/.test(type));
  const counts = new Map<string, number>();
  for (const name of ends.map((event) => stateOf(event, events))) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

describe('every beginning of a history, run on, gives the whole', () => {
  test.each(CASES)('%s', async (_, { definition, input = {}, tasks = {} }) => {
    const whole = await runMachine(definition, input, scriptedTasks(tasks));
    for (let length = 0; length <= whole.events.length; length += 1) {
      const prefix = whole.events.slice(0, length);
      const run = await resume(definition, input, prefix, tasks);
      expect({ length, ...run }).toEqual({ length, ...whole });
    }
  });
});
