import type { EventDetails, EventType } from '../../history/events.ts';
import type { Process } from '../effects.ts';
import { STATES_ERRORS, StateFailure } from '../errors.ts';
import type { Json } from '../json.ts';
import { dataLimitExceeded, isTooLarge } from '../limits.ts';
import type { StateRun } from '../state-run.ts';
import { withErrorHandling } from './error-handling.ts';
import type { StateCompiler } from './state.ts';
import { parseResource, type TaskResource, type Timers } from './task-resource.ts';

/** Task: calls its Resource with its arguments. */
export const compileTask: StateCompiler = (definition, query) => {
  const resource = parseResource(String(definition['Resource']));
  const argumentField = query.compileArguments(definition);
  const timeout = query.compileSeconds(definition, 'TimeoutSeconds');
  const heartbeat = query.compileSeconds(definition, 'HeartbeatSeconds');
  const credentials = query.compileCredentials(definition);
  const exit = query.compileExit(definition);
  return withErrorHandling(definition, query, async function* (run) {
    if (resource.waitsForToken) run.renewTaskToken();
    const timers: Timers = {
      ...(timeout && { timeoutInSeconds: await run.evaluate(timeout) }),
      ...(heartbeat && { heartbeatInSeconds: await run.evaluate(heartbeat) }),
      ...(credentials && { taskCredentials: await run.evaluate(credentials) }),
    };
    const argument = argumentField ? await run.evaluate(argumentField) : run.effectiveInput;
    const result = yield* callResource(run, resource, argument, timers);
    return run.leave(exit, result, { result });
  });
};

/** One attempt: records what AWS records of it and returns the result. Throws StateFailure. */
async function* callResource(run: StateRun, resource: TaskResource, argument: Json, timers: Timers): Process<Json> {
  const text = argument === run.input ? run.inputText : JSON.stringify(argument);
  if (isTooLarge(text)) throw dataLimitExceeded(run.name);
  const { id, timestamp } = record(run, resource.scheduled(text, run.scope.region, timers));
  record(run, resource.started());
  if (resource.submitted) record(run, resource.submitted());
  const { timeoutInSeconds } = timers;
  const outcome = yield {
    id,
    task: {
      resource: resource.arn,
      arguments: text,
      stateName: run.name,
      retryCount: run.retryCount,
      executionArn: run.scope.executionArn,
    },
    ...(timeoutInSeconds !== undefined && { until: timestamp + timeoutInSeconds * 1000 }),
  };
  if (outcome.kind === 'succeeded' && !isTooLarge(outcome.result)) {
    record(run, resource.succeeded(outcome.result));
    return JSON.parse(outcome.result) as Json;
  }
  if (outcome.kind === 'elapsed') {
    record(run, resource.timedOut(STATES_ERRORS.timeout));
    throw new StateFailure(STATES_ERRORS.timeout);
  }
  const failure =
    outcome.kind === 'succeeded'
      ? dataLimitExceeded(resource.limitName)
      : new StateFailure(outcome.error, outcome.cause);
  record(run, resource.failed(failure));
  throw failure;
}

function record<T extends EventType>(run: StateRun, [type, details]: readonly [T, EventDetails[T]]) {
  return run.record(type, details);
}
