import { isObject, type Json, type JsonObject } from '../asl/json.ts';
import type { State } from '../asl/machine.ts';
import { ApiError } from './api-error.ts';
import { checkDefinition, compileTestedState } from './definition.ts';
import { findJsonProblem } from './json-text.ts';

/** What a state is called that is given without its machine. */
const LONE_STATE_NAME = 'StateName';

/** The state that a test is of. */
export interface TestedState {
  readonly name: string;
  readonly definition: JsonObject;
  readonly type: string;
  readonly language: string;
  readonly state: State;
}

/** The request's `mock`. */
export interface Mock {
  readonly result: string | undefined;
  readonly errorOutput: { readonly error: string | undefined; readonly cause: string | undefined } | undefined;
}

/**
 * Reads a definition of one state, or of a state machine that has one of that name, at any depth. Throws
 * InvalidDefinition, ValidationException.
 */
export function readTestedState(definition: string, stateName: string | undefined): TestedState {
  if (stateName !== undefined) checkDefinition(definition, 'STANDARD');
  const document = parseDefinition(definition);
  const found = stateName === undefined ? document : findState(document, stateName);
  if (!found) throw invalid('State not found in definition');
  // Without its machine, a state has no language but its own.
  const machineLanguage = String(document['QueryLanguage'] ?? 'JSONPath');
  return {
    name: stateName ?? LONE_STATE_NAME,
    definition: found,
    type: String(found['Type']),
    language: String(found['QueryLanguage'] ?? machineLanguage),
    state: compileTestedState(found, machineLanguage),
  };
}

function parseDefinition(definition: string): JsonObject {
  const problem = findJsonProblem(definition);
  const document = problem ? null : (JSON.parse(definition) as Json);
  if (isObject(document)) return document;
  checkDefinition(definition, 'STANDARD');
  return {};
}

function findState(machine: Json, name: string): JsonObject | undefined {
  const states = isObject(machine) && isObject(machine['States']) ? machine['States'] : {};
  const own = Object.hasOwn(states, name) ? states[name] : undefined;
  if (isObject(own)) return own;
  for (const state of Object.values(states)) {
    if (!isObject(state)) continue;
    const branches = Array.isArray(state['Branches']) ? state['Branches'] : [];
    for (const inner of [...branches, state['ItemProcessor'] ?? null, state['Iterator'] ?? null]) {
      const found = findState(inner, name);
      if (found) return found;
    }
  }
  return undefined;
}

/** Checks that the state can be tested with this mock, or without one. Throws InvalidDefinition, ValidationException. */
export function checkMock(
  { type, definition }: TestedState,
  mock: Mock | undefined,
  roleArn: string | undefined,
): void {
  if (!mock) {
    checkUnmocked(type, String(definition['Resource']), roleArn);
    return;
  }
  if (!['Task', 'Map', 'Parallel'].includes(type)) {
    throw invalid(`State type '${type}' is not supported when a mock is specified`);
  }
  const { result, errorOutput } = mock;
  if ((result === undefined) === (errorOutput === undefined)) {
    throw invalid('A test mock should have only one of the following fields: [result, errorOutput].');
  }
  if (result !== undefined) checkResult(type, definition, result);
}

function checkUnmocked(type: string, resource: string, roleArn: string | undefined): void {
  if (type === 'Map' || type === 'Parallel') {
    const supported = 'Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]';
    throw new ApiError('InvalidDefinition', `TestState API does not support Map or Parallel states. ${supported}`);
  }
  if (type !== 'Task') return;
  if (/(\.sync|\.sync:2|\.waitForTaskToken)$|:activity:/.test(resource)) {
    const message = `TestState API does not support the resource '${resource}' unless a mock is specified`;
    throw new ApiError('InvalidDefinition', message);
  }
  if (roleArn === undefined) throw invalid('RoleArn must be specified when testing a Task state');
}

function checkResult(type: string, definition: JsonObject, text: string): void {
  if (findJsonProblem(text)) throw invalid('Mocked result must be valid JSON');
  const result = JSON.parse(text) as Json;
  if (type === 'Map' && 'ResultWriter' in definition) {
    if (!isObject(result)) throw invalid('Mocked result must be a JSON object.');
  } else if (type !== 'Task' && !Array.isArray(result)) throw invalid('Mocked result must be an array.');
  const branches = type === 'Parallel' ? definition['Branches'] : undefined;
  if (Array.isArray(branches) && branches.length !== (result as Json[]).length) {
    throw invalid('Mocked result must contain the same number of items as number of Parallel branches.');
  }
}

/** The fields of a context object that may be given; only Input and RetryCount are no texts. */
const CONTEXT_FIELDS: Readonly<Record<string, readonly string[]>> = {
  Execution: ['Id', 'Input', 'Name', 'RedriveCount', 'RedriveTime', 'RoleArn', 'StartTime'],
  State: ['EnteredTime', 'Name', 'RetryCount'],
  StateMachine: ['Id', 'Name'],
  Task: ['Token'],
};
const NUMBERS: ReadonlySet<string> = new Set(['RedriveCount', 'RetryCount']);

/** Reads the context object that a mocked state is to see. Throws ValidationException. */
export function readContext(text: string, { type, definition }: TestedState): JsonObject {
  const context = findJsonProblem(text) ? undefined : (JSON.parse(text) as Json);
  const refuse = (why: string): ApiError => invalid(`Invalid Context object provided: ${why}`);
  if (!isObject(context)) throw refuse('it must be a JSON object');
  for (const [part, value] of Object.entries(context)) {
    if (part === 'Map') throw refuse("'Map' field is not supported when mocking a Context object");
    const fields = Object.hasOwn(CONTEXT_FIELDS, part) ? CONTEXT_FIELDS[part] : undefined;
    if (!fields) throw refuse(`Field '${part}' is not allowed`);
    if (!isObject(value)) throw refuse(`${part} must be an object`);
    for (const [field, content] of Object.entries(value)) {
      if (!fields.includes(field)) throw refuse(`Field '${field}' is not allowed`);
      const expected = NUMBERS.has(field) ? 'number' : 'string';
      if (field !== 'Input' && typeof content !== expected) throw refuse(`${part}.${field} must be a ${expected}`);
    }
  }
  const hasToken = type === 'Task' && /\.(sync(:2)?|waitForTaskToken)$/.test(String(definition['Resource']));
  if ('Task' in context && !hasToken) {
    const why = "when state is not a Task state with a '.sync' or '.waitForTaskToken' service integration pattern";
    throw refuse(`Context object contains 'Task' ${why}`);
  }
  return context;
}

export function invalid(message: string): ApiError {
  return new ApiError('ValidationException', message);
}
