import { isObject, type Json, type JsonObject } from '../asl/json.ts';
import { compileLoneState, compileMachine, type State } from '../asl/machine.ts';
import { type DefinitionProblem, InvalidDefinitionError } from '../asl/problem.ts';
import type { StateMachineRecord } from '../store/store.ts';
import { ApiError } from './api-error.ts';
import { findJsonProblem } from './json-text.ts';

/** One problem of a definition, as ValidateStateMachineDefinition answers it. */
export interface Diagnostic {
  readonly severity: 'ERROR';
  readonly code: DefinitionProblem['code'] | 'INVALID_JSON_DESCRIPTION';
  readonly message: string;
  readonly location?: string;
}

/** Everything that keeps a definition from being a state machine of this type. */
export function diagnose(definition: string, type: StateMachineRecord['type']): Diagnostic[] {
  const problem = findJsonProblem(definition);
  if (problem) {
    const location = `[Source: (String)"${definition}"; line: ${problem.line}, column: ${problem.column}]`;
    const message = `${problem.message}\n at ${location}`;
    return [{ severity: 'ERROR', code: 'INVALID_JSON_DESCRIPTION', message, location }];
  }
  const machine = JSON.parse(definition) as Json;
  if (!isObject(machine)) return [schemaProblem('Definition must be a valid JSON object')];
  const missing = ['States', 'StartAt'].filter((field) => !Object.hasOwn(machine, field));
  if (missing.length > 0) return [schemaProblem(`These fields are required: [${missing.join(', ')}]`, '/')];
  return [...(type === 'EXPRESS' ? expressProblems(machine) : []), ...compileProblems(machine)];
}

/** Throws InvalidDefinition with every problem. */
export function checkDefinition(definition: string, type: StateMachineRecord['type']): void {
  const diagnostics = diagnose(definition, type);
  if (diagnostics.length > 0) throw invalidDefinition(diagnostics);
}

/** A state without its machine, whose query language is given. Throws InvalidDefinition. */
export function compileTestedState(state: Json, language: string): State {
  try {
    return compileLoneState(state, language);
  } catch (error) {
    throw error instanceof InvalidDefinitionError ? invalidDefinition(toDiagnostics(error)) : error;
  }
}

function invalidDefinition(diagnostics: readonly Diagnostic[]): ApiError {
  const texts = diagnostics.map(({ code, message, location }) =>
    // Of JSON the message says where. A workflow without an end is at `null`, as AWS has it.
    code !== 'INVALID_JSON_DESCRIPTION' && (location !== undefined || code === 'MISSING_END_STATE')
      ? `${code}: ${message} at ${location ?? null}`
      : `${code}: ${message}`,
  );
  return new ApiError('InvalidDefinition', `Invalid State Machine Definition: '${texts.join(', ')}'`);
}

function schemaProblem(message: string, location?: string): Diagnostic {
  const problem = { severity: 'ERROR', code: 'SCHEMA_VALIDATION_FAILED', message } as const;
  return location === undefined ? problem : { ...problem, location };
}

function compileProblems(machine: JsonObject): Diagnostic[] {
  try {
    compileMachine(machine);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidDefinitionError)) throw error;
    return toDiagnostics(error);
  }
}

function toDiagnostics({ problems }: InvalidDefinitionError): Diagnostic[] {
  return problems.map((problem) => ({ severity: 'ERROR', ...problem }));
}

/** What no EXPRESS state machine may use, in AWS's words, the space behind its first sentence included. */
const UNSUPPORTED_BY_EXPRESS: readonly (readonly [resource: RegExp, message: string])[] = [
  [/\.waitForTaskToken$/, "Express state machine does not support '.waitForTaskToken' service integration "],
  [/\.sync(:2)?$/, "Express state machine does not support '.sync' service integration"],
  [/^arn:[^:]+:states:[^:]*:[^:]*:activity:/, 'Express state machine does not support Activity ARN'],
];

function expressProblems(machine: JsonObject): Diagnostic[] {
  try {
    return findUnsupportedResources(machine, '');
  } catch (error) {
    // The end of the stack: what is nested so deeply does not compile either, which is told.
    if (error instanceof RangeError) return [];
    throw error;
  }
}

/** "Distributed mode isn't supported by Express workflows" (developer guide, "Distributed mode"). */
const DISTRIBUTED_MESSAGE = 'Express state machine does not support Map states in DISTRIBUTED mode';

function isDistributed(processor: Json): boolean {
  const config = isObject(processor) ? (processor['ProcessorConfig'] ?? null) : null;
  return isObject(config) && config['Mode'] === 'DISTRIBUTED';
}

/** Looks through the states of a machine, branch or processor that stands at `path`. */
function findUnsupportedResources(machine: JsonObject, path: string): Diagnostic[] {
  const states = isObject(machine['States']) ? Object.entries(machine['States']) : [];
  return states.flatMap(([name, state]) => {
    if (!isObject(state)) return [];
    const at = `${path}/States/${name}`;
    const [, message] = UNSUPPORTED_BY_EXPRESS.find(([resource]) => resource.test(String(state['Resource']))) ?? [];
    const branches = Array.isArray(state['Branches']) ? state['Branches'] : [];
    const inner = branches.map((branch, index): [Json, string] => [branch, `${at}/Branches[${index}]`]);
    for (const field of ['ItemProcessor', 'Iterator']) inner.push([state[field] ?? null, `${at}/${field}`]);
    const processors = ['ItemProcessor', 'Iterator'].map((field) => state[field] ?? null);
    return [
      ...(processors.some(isDistributed) ? [schemaProblem(DISTRIBUTED_MESSAGE, at)] : []),
      ...(state['Type'] === 'Task' && message !== undefined ? [schemaProblem(message, `${at}/Resource`)] : []),
      ...inner.flatMap(([body, where]) => (isObject(body) ? findUnsupportedResources(body, where) : [])),
    ];
  });
}
