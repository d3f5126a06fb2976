import { interpret } from '../../local/asl/interpreter.ts';
import type { Json } from '../../local/asl/json.ts';
import { compileMachine } from '../../local/asl/machine.ts';
import { planRedrive } from '../../local/asl/redrive.ts';
import { createSkippingClock } from '../../local/engine/clock.ts';
import { LiveWaits } from '../../local/engine/live-waits.ts';
import { createReplay } from '../../local/engine/replay.ts';
import type { HistoryEvent } from '../../local/history/events.ts';
import { createRecorder } from '../../local/history/recorder.ts';
import type { TaskRunner } from '../../local/tasks/task.ts';
import { NAMES, START } from './run.ts';

/** Goes on with an execution that has ended; `since` is what was recorded of that before. */
export async function redrive(
  definition: object,
  before: readonly HistoryEvent[],
  runTask: TaskRunner,
  since: readonly HistoryEvent[] = [],
) {
  const events = [...before, ...since];
  const clock = createSkippingClock(() => events.at(-1)?.timestamp ?? START);
  const now = clock.now();
  const fixed = createSkippingClock(() => now);
  const { record } = createRecorder(fixed.now, (event) => events.push(event), { lastId: events.length });
  const live = { record, waits: new LiveWaits(fixed, runTask) };
  const { input } = (before[0] as HistoryEvent<'ExecutionStarted'>).details;
  const world = since.length > 0 ? createReplay(since, live) : live;
  const compiled = compileMachine(structuredClone(definition) as Json);
  const end = await interpret(compiled, { ...NAMES, input }, world, planRedrive(before));
  return { end, events };
}
