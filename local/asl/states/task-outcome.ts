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
  const isTimed = timeoutInSeconds !== undefined;
  const limits = (started: number) => ({
    ...(isTimed && { until: started + timeoutInSeconds * 1000 }),
    // Only who holds the token can send a heartbeat.
    ...(resource.waitsForToken && heartbeatInSeconds !== undefined && { heartbeatMs: heartbeatInSeconds * 1000 }),
  });
  const { task: _, ...waiting } = scheduled;
  if (resource.isActivity) {
    // "For Activities, the count begins when GetActivityTask receives a token" (developer guide, "Task").
    const outcome = yield scheduled;
    const { timestamp } = record(run, resource.started(outcome.kind === 'started' ? outcome.workerName : undefined));
    return outcome.kind === 'started' ? yield { ...waiting, ...limits(timestamp) } : outcome;
  }
  const { timestamp } = record(run, resource.started());
  const outcome = yield { ...scheduled, ...limits(timestamp) };
  if (!resource.submitted || outcome.kind !== 'submitted') return outcome;
  record(run, resource.submitted(outcome.output));
  const task = scheduled.task && { ...scheduled.task, submitted: outcome.output };
  return yield { ...scheduled, ...(task && { task }), ...limits(timestamp) };
}

export function record<T extends EventType>(run: StateRun, [type, details]: readonly [T, EventDetails[T]]) {
  return run.record(type, details);
}
