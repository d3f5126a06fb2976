import type { Waits } from '../asl/branch-queue.ts';
import type { Effect, Outcome } from '../asl/effects.ts';
import { type Outside, STARTED_EVENT_ID } from '../asl/interpreter.ts';
import type { HistoryEvent } from '../history/events.ts';

/** A wait as it was begun, and the event that its branch had come to. */
interface PendingWait {
  readonly effect: Effect;
  readonly lastEventId: number;
}

/**
 * Resumes an execution: run over the events recorded before, it gets the outcomes that it got then, and goes on with
 * `live` where they end. A task that had not ended is begun again, as the same attempt; a wait ends at its original
 * time. The ids that `live` records under must go on after the recorded ones. No event tells what a map run gave
 * its state: `mapRunResult` does, as JSON text.
 */
export function createReplay(
  recorded: readonly HistoryEvent[],
  live: Outside,
  mapRunResult: (mapRunArn: string) => string | undefined = () => undefined,
): Outside {
  const pending = new Map<number, PendingWait>();
  let position = 0;
  let isLive = false;

  const goLive = (): void => {
    if (isLive) return;
    isLive = true;
    // Those whose time has passed meanwhile end in the order in which they would have.
    const waits = [...pending.values()].sort((a, b) => untilOf(a.effect) - untilOf(b.effect));
    for (const { effect, lastEventId } of waits) live.waits.begin(effect, lastEventId);
    pending.clear();
  };

  const waits: Waits = {
    begin(effect, lastEventId) {
      if (isLive) live.waits.begin(effect, lastEventId);
      else pending.set(effect.id, { effect, lastEventId });
    },
    cancel(id) {
      pending.delete(id);
      if (isLive) live.waits.cancel(id);
    },
    next() {
      const event = recorded[position];
      if (event) {
        const outcome = outcomeBefore(event, [...pending.values()], mapRunResult);
        pending.delete(outcome.id);
        return outcome;
      }
      goLive();
      return live.waits.next();
    },
  };
  return {
    ...live,
    waits,
    record(type, previousEventId, details) {
      const event = recorded[position];
      if (!event) return live.record(type, previousEventId, details);
      if (event.type !== type) {
        throw new Error(`Event ${event.id} is ${event.type}, where the definition leads to ${type}`);
      }
      position += 1;
      return event as HistoryEvent<typeof type>;
    },
  };
}

function untilOf({ until = Number.POSITIVE_INFINITY }: Effect): number {
  return until;
}

/** The outcome that led to an event: of the wait whose branch the event continues. */
function outcomeBefore(
  event: HistoryEvent,
  waits: readonly PendingWait[],
  mapRunResult: (mapRunArn: string) => string | undefined,
): Outcome {
  const { error, cause, output, workerName } = (event.details ?? {}) as Readonly<Record<string, string | undefined>>;
  if (event.type === 'ExecutionAborted') return { id: STARTED_EVENT_ID, kind: 'aborted', error, cause };
  if (event.type === 'ExecutionTimedOut') return { id: STARTED_EVENT_ID, kind: 'elapsed' };
  const wait = waits.find(({ lastEventId }) => lastEventId === event.previousEventId) ?? earliestTimer(waits);
  if (!wait) throw new Error(`Event ${event.id} (${event.type}) follows from no wait`);
  const { id, mapRun } = wait.effect;
  switch (/^(?:Task|LambdaFunction|Activity|MapRun)(Succeeded|Failed)$/.exec(event.type)?.[1] ?? event.type) {
    case 'Succeeded':
      return { id, kind: 'succeeded', result: (mapRun ? mapRunResult(mapRun.mapRunArn) : output) ?? 'null' };
    case 'Failed':
      return { id, kind: 'failed', error, cause };
    case 'TaskSubmitted':
      return { id, kind: 'submitted', output: output ?? '{}' };
    case 'ActivityStarted':
      return { id, kind: 'started', workerName };
    default:
      return { id, kind: 'elapsed' }; // the event tells of no outcome
  }
}

/** An expression that failed once a time had elapsed is recorded as following from an event before that wait. */
function earliestTimer(waits: readonly PendingWait[]): PendingWait | undefined {
  const timers = waits.filter(({ effect }) => !effect.task && !effect.mapRun && effect.id !== STARTED_EVENT_ID);
  return timers.sort((a, b) => untilOf(a.effect) - untilOf(b.effect))[0];
}
