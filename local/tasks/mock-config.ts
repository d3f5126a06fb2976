import { readFileSync } from 'node:fs';
import { StateFailure } from '../asl/errors.ts';
import { isObject, type Json, type JsonObject } from '../asl/json.ts';
import { Submitted, type TaskRunner } from './task.ts';

/** A test case of a state machine: the mocked response that each of its states gives. */
export interface MockConfig {
  /**
   * The tasks of one execution of a test case; undefined when the file has no such test case. `calls` is how often the
   * tasks of each state were answered before.
   */
  forTestCase(stateMachineName: string, testCase: string, calls?: Iterable<[string, number]>): TaskRunner | undefined;
}

/**
 * Reads a file in the format of Step Functions Local ("Using mocked service integrations"): StateMachines.NAME.TestCases
 * .CASE.STATE names an entry of MockedResponses, whose keys are attempts ("0", or "1-3") and whose values Return or
 * Throw. Throws an error that names the file.
 */
export function readMockConfig(file: string): MockConfig {
  let config: Json;
  try {
    config = JSON.parse(readFileSync(file, 'utf8')) as Json;
  } catch (error) {
    throw new Error(`The mock configuration ${file} cannot be read: ${(error as Error).message}`);
  }
  if (!isObject(config) || !isObject(child(config, 'StateMachines'))) {
    throw new Error(
      `The mock configuration ${file}: found no StateMachines, allowed is an object of StateMachines and MockedResponses`,
    );
  }
  const machines = child(config, 'StateMachines');
  const responses = child(config, 'MockedResponses');
  return {
    forTestCase(stateMachineName, testCase, calls = []) {
      const states = child(child(child(machines, stateMachineName), 'TestCases'), testCase);
      return isObject(states) ? mockedTasks(states, responses, new Map(calls)) : undefined;
    },
  };
}

/** Answers each call of a state with its next response; the last one is used again. */
function mockedTasks(states: JsonObject, responses: Json, calls: Map<string, number>): TaskRunner {
  return async ({ stateName, resource }) => {
    const call = calls.get(stateName) ?? 0;
    calls.set(stateName, call + 1);
    const entries = Object.entries(asObject(child(responses, String(child(states, stateName)))));
    const [, response] = entries.find(([attempts]) => covers(attempts, call)) ?? entries.at(-1) ?? [];
    if (!isObject(response))
      throw new StateFailure('States.TaskFailed', `No mocked response for the state '${stateName}'`);
    const finish = async (): Promise<string> => respond(response);
    // The response is how the task ends; what the service says first is not known.
    return ANSWERS_TWICE.test(resource) ? new Submitted('{}', finish) : finish();
  };
}

/** Integrations that first say that they took the task. */
const ANSWERS_TWICE = /\.(sync(:2)?|waitForTaskToken)$/;

function respond(response: JsonObject): string {
  if (!('Throw' in response)) return JSON.stringify(response['Return'] ?? null);
  const { Error: error, Cause: cause } = asObject(response['Throw'] ?? null);
  throw new StateFailure(error as string | undefined, cause as string | undefined);
}

/** Whether the attempts "0" or "1-3" hold this call. */
function covers(attempts: string, call: number): boolean {
  const [first, last = first] = attempts.split('-').map(Number);
  return first !== undefined && last !== undefined && call >= first && call <= last;
}

function asObject(value: Json): JsonObject {
  return isObject(value) ? value : {};
}

function child(value: Json, key: string): Json {
  return isObject(value) && Object.hasOwn(value, key) ? (value[key] ?? null) : null;
}
