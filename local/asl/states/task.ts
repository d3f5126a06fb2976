import type { Process } from '../effects.ts';
import { STATES_ERRORS } from '../error-names.ts';
import { StateFailure } from '../errors.ts';
import type { Json } from '../json.ts';
import { dataLimitExceeded, isTooLarge } from '../limits.ts';
import type { StateRun } from '../state-run.ts';
import { withErrorHandling } from './error-handling.ts';
import type { StateCompiler } from './state.ts';
import { awaitOutcome, record } from './task-outcome.ts';
import { parseResource, type TaskResource, type Timers } from './task-resource.ts';

/** Task: calls its Resource with its arguments. */
export const compileTask: StateCompiler = (definition, query) => {
  const resource = parseResource(String(definition['Resource']));
  const argumentField = query.compileArguments(definition);
  const timeout = query.compileSeconds(definition, 'TimeoutSeconds');
  const heartbeat = query.compileSeconds(definition, 'HeartbeatSeconds');
  const credentials = query.compileCredentials(definition);
  const exit = query.compileExit(definition);
  return withErrorHandling(definition, query, function* (run) {
    if (resource.waitsForToken) run.renewTaskToken();
    const timers: Timers = {
      ...(timeout && { timeoutInSeconds: yield* run.evaluate(timeout) }),
      ...(heartbeat && { heartbeatInSeconds: yield* run.evaluate(heartbeat) }),
      ...(credentials && { taskCredentials: yield* run.evaluate(credentials) }),
    };
    const argument = argumentField ? yield* run.evaluate(argumentField) : run.effectiveInput;
    run.inspect({ argument });
    const result = yield* callResource(run, resource, argument, timers);
    if (result instanceof StateFailure) return result;
    run.inspect({ result });
    return yield* run.leave(exit, result, { result });
  });
};

/** One attempt: records what AWS records of it and returns the result, or the failure. */
function* callResource(
  run: StateRun,
  resource: TaskResource,
  argument: Json,
  timers: Timers,
): Process<Json | StateFailure> {
  const { text } = run.toPayload(argument);
  const { id } = record(run, resource.scheduled(text, run.scope.region, timers));
  const { taskToken } = run;
  const outcome = yield* awaitOutcome(run, resource, timers, {
    id,
    task: {
      resource: resource.arn,
      arguments: text,
      stateName: run.name,
      retryCount: run.retryCount,
      executionArn: run.scope.executionArn,
      taskToken,
    },
    taskToken,
  });
  if (outcome.kind === 'succeeded' && !isTooLarge(outcome.result)) {
    record(run, resource.succeeded(outcome.result));
    return JSON.parse(outcome.result) as Json;
  }
  if (outcome.kind === 'elapsed') {
    record(run, resource.timedOut(STATES_ERRORS.timeout));
    return new StateFailure(STATES_ERRORS.timeout);
  }
  const failure =
    outcome.kind === 'failed' ? new StateFailure(outcome.error, outcome.cause) : dataLimitExceeded(resource.limitName);
  record(run, resource.failed(failure));
  return failure;
}
