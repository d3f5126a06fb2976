import type { Process } from '../effects.ts';
import { STATES_ERRORS, StateFailure } from '../errors.ts';
import { isObject, type Json } from '../json.ts';
import { dataLimitExceeded, isTooLarge } from '../limits.ts';
import type { Template } from '../query/jsonata.ts';
import type { StateRun } from '../state-run.ts';
import { withErrorHandling } from './error-handling.ts';
import { compileExit, compileField, type StateCompiler } from './state.ts';
import { awaitOutcome, record } from './task-outcome.ts';
import { parseResource, type TaskResource, type Timers } from './task-resource.ts';

/** Task: calls its Resource with its Arguments. */
export const compileTask: StateCompiler = (definition) => {
  const resource = parseResource(String(definition['Resource']));
  const argumentsField = compileField(definition, 'Arguments');
  const timeout = compileField(definition, 'TimeoutSeconds');
  const heartbeat = compileField(definition, 'HeartbeatSeconds');
  const credentials = compileField(definition, 'Credentials');
  const exit = compileExit(definition);
  return withErrorHandling(definition, async function* (run) {
    if (resource.usesToken) run.issueTaskToken();
    const timers: Timers = {
      ...(timeout && { timeoutInSeconds: await readSeconds(run, timeout) }),
      ...(heartbeat && { heartbeatInSeconds: await readSeconds(run, heartbeat) }),
      ...(credentials && { taskCredentials: await readCredentials(run, credentials) }),
    };
    const argument = argumentsField ? await run.evaluate(argumentsField) : run.input;
    const result = yield* callResource(run, resource, argument, timers);
    return run.leave(exit, result, { result });
  });
};

async function readSeconds(run: StateRun, template: Template): Promise<number> {
  const seconds = await run.evaluateAs('number', template);
  if (Number.isInteger(seconds) && seconds > 0) return seconds;
  throw run.rejectValue(template, `The field '${template.location}' must be a positive integer, but was: ${seconds}`);
}

async function readCredentials(run: StateRun, template: Template): Promise<{ roleArn: string }> {
  const value = await run.evaluate(template);
  if (isObject(value) && typeof value['RoleArn'] === 'string') return { roleArn: value['RoleArn'] };
  throw run.rejectValue(template, `The field 'Credentials' must hold a RoleArn, but was: ${JSON.stringify(value)}`);
}

/** One attempt: records what AWS records of it and returns the result. Throws StateFailure. */
async function* callResource(run: StateRun, resource: TaskResource, argument: Json, timers: Timers): Process<Json> {
  const text = argument === run.input ? run.inputText : JSON.stringify(argument);
  if (isTooLarge(text)) throw dataLimitExceeded(run.name);
  const { id } = record(run, resource.scheduled(text, run.scope.region, timers));
  const outcome = yield* awaitOutcome(run, resource, timers, {
    id,
    task: {
      resource: resource.arn,
      arguments: text,
      stateName: run.name,
      retryCount: run.retryCount,
      executionArn: run.scope.executionArn,
      ...(run.taskToken !== undefined && { taskToken: run.taskToken }),
    },
    ...(run.taskToken !== undefined && { taskToken: run.taskToken }),
  });
  if (outcome.kind === 'succeeded' && !isTooLarge(outcome.result)) {
    record(run, resource.succeeded(outcome.result));
    return JSON.parse(outcome.result) as Json;
  }
  if (outcome.kind === 'elapsed') {
    record(run, resource.timedOut(STATES_ERRORS.timeout));
    throw new StateFailure(STATES_ERRORS.timeout);
  }
  const failure =
    outcome.kind === 'failed' ? new StateFailure(outcome.error, outcome.cause) : dataLimitExceeded(resource.limitName);
  record(run, resource.failed(failure));
  throw failure;
}
