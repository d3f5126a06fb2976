import type { EventDetails, EventType } from '../../history/events.ts';
import type { Effect, Outcome, Process } from '../effects.ts';
import type { StateRun } from '../state-run.ts';
import type { TaskResource, Timers } from './task-resource.ts';

/** Follows a scheduled task to its end, recording what comes in between. */
export function* awaitOutcome(
  run: StateRun,
  resource: TaskResource,
  { timeoutInSeconds, heartbeatInSeconds }: Timers,
  scheduled: Effect,
): Process<Outcome> {
  const { id, task, taskToken } = scheduled;
  // Only who holds the token can send a heartbeat.
  const heartbeatMs = resource.waitsForToken && heartbeatInSeconds ? heartbeatInSeconds * 1000 : undefined;
  if (resource.isActivity) {
    // "For Activities, the count begins when GetActivityTask receives a token" (developer guide, "Task").
    const outcome = yield scheduled;
    const { timestamp } = record(run, resource.started(outcome.kind === 'started' ? outcome.workerName : undefined));
    return outcome.kind === 'started'
      ? yield { id, taskToken, until: after(timeoutInSeconds, timestamp), heartbeatMs }
      : outcome;
  }
  const { timestamp } = record(run, resource.started());
  const outcome = yield { id, task, taskToken, until: after(timeoutInSeconds, timestamp), heartbeatMs };
  if (!resource.submitted || outcome.kind !== 'submitted') return outcome;
  record(run, resource.submitted(outcome.output));
  const submitted = task && { ...task, submitted: outcome.output };
  return yield { id, task: submitted, taskToken, until: after(timeoutInSeconds, timestamp), heartbeatMs };
}

/** When a time limit that counts from a time on is over. */
function after(seconds: number | undefined, started: number): number | undefined {
  return seconds && started + seconds * 1000;
}

export function record<T extends EventType>(run: StateRun, [type, details]: readonly [T, EventDetails[T]]) {
  return run.record(type, details);
}
