import type { StateType } from '../history/events.ts';
import { isObject, type Json, type JsonObject } from './json.ts';
import { type DefinitionProblem, InvalidDefinitionError, schemaProblem } from './problem.ts';
import { JSONATA } from './query/jsonata/language.ts';
import { JSONPATH } from './query/jsonpath/language.ts';
import type { QueryLanguage } from './query/language.ts';
import type { Template } from './query/template.ts';
import { checkShape } from './shape.ts';
import { compileChoice } from './states/choice.ts';
import { compileFail } from './states/fail.ts';
import { compileMap } from './states/map.ts';
import { compileParallel } from './states/parallel.ts';
import { compilePass } from './states/pass.ts';
import type { Machine, MachineCompiler, State, StateCompiler } from './states/state.ts';
import { compileSucceed } from './states/succeed.ts';
import { compileTask } from './states/task.ts';
import { compileWait } from './states/wait.ts';
import { checkTransitions } from './transitions.ts';

export type { Machine, State } from './states/state.ts';

const COMPILERS: Readonly<Record<StateType, StateCompiler>> = {
  Pass: compilePass,
  Task: compileTask,
  Choice: compileChoice,
  Wait: compileWait,
  Succeed: compileSucceed,
  Fail: compileFail,
  Parallel: compileParallel,
  Map: compileMap,
};

const QUERY_LANGUAGES: Readonly<Record<string, QueryLanguage>> = { JSONata: JSONATA, JSONPath: JSONPATH };

/** Compiles an ASL document. Throws InvalidDefinitionError with every problem found. */
export function compileMachine(definition: Json): Machine {
  const problems: DefinitionProblem[] = [];
  const language = isObject(definition) ? definition['QueryLanguage'] : undefined;
  const machine = compileStates(definition, '', String(language ?? 'JSONPath'), problems);
  if (problems.length > 0) throw new InvalidDefinitionError(problems);
  return machine;
}

/** Compiles a state without its machine, whose query language is given. Throws InvalidDefinitionError. */
export function compileLoneState(definition: Json, language: string): State {
  const problems: DefinitionProblem[] = [];
  const compileInner = innerCompiler('', language, problems);
  const [state] = collect(problems, '', () => compileState(definition, language, compileInner));
  if (!state || problems.length > 0) throw new InvalidDefinitionError(problems);
  return state;
}

/** What `compile` gives, or nothing and one problem more. */
function collect<T>(problems: DefinitionProblem[], path: string, compile: () => T): T[] {
  try {
    return [compile()];
  } catch (error) {
    // A RangeError is the end of the stack: the parsers follow the nesting of what they parse.
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    problems.push(schemaProblem(error.message, path || '/'));
    return [];
  }
}

/** Compiles the machines inside of the state at a path. */
function innerCompiler(path: string, language: string, problems: DefinitionProblem[]): MachineCompiler {
  const compile = (inner: Json, field: string): Machine => compileStates(inner, `${path}/${field}`, language, problems);
  return Object.assign(compile, { language });
}

/** Compiles a machine at a path of the document; `language` is the document's own, for machines inside of it too. */
function compileStates(definition: Json, path: string, language: string, problems: DefinitionProblem[]): Machine {
  const states = new Map<string, State>();
  if (!isObject(definition) || !isObject(definition['States'])) {
    problems.push(schemaProblem('The definition has no States', path));
    return { startAt: '', timeoutSeconds: undefined, states };
  }
  for (const [name, state] of Object.entries(definition['States'])) {
    const statePath = `${path}/States/${name}`;
    const compileInner = innerCompiler(statePath, language, problems);
    const compiled = collect(problems, statePath, () => compileState(state, language, compileInner));
    for (const ready of compiled) states.set(name, ready);
  }
  const startAt = String(definition['StartAt']);
  problems.push(...checkTransitions(startAt, definition['States'], path));
  return { startAt, timeoutSeconds: definition['TimeoutSeconds'] as number | undefined, states };
}

function compileState(state: Json, machineLanguage: string, compileInner: MachineCompiler): State {
  if (!isObject(state)) throw new SyntaxError('The state is no object');
  const type = String(state['Type']) as StateType;
  const compile = Object.hasOwn(COMPILERS, type) ? COMPILERS[type] : undefined;
  if (!compile) throw new SyntaxError(`The state type '${type}' is not supported`);
  checkShape(state);
  const language = (state['QueryLanguage'] as string | undefined) ?? machineLanguage;
  // Only a machine of JSONPath may mix the two (developer guide, "QueryLanguage field").
  if (language === 'JSONPath' && machineLanguage === 'JSONata') {
    throw new SyntaxError('A state of a JSONata state machine cannot be in JSONPath');
  }
  const query = Object.hasOwn(QUERY_LANGUAGES, language) ? QUERY_LANGUAGES[language] : undefined;
  if (!query) throw new SyntaxError(`The query language '${language}' is neither JSONata nor JSONPath`);
  const inner = ['ItemReader', 'ItemBatcher', 'ResultWriter'].map((field) => state[field] ?? null).filter(isObject);
  const config = inner.map((part) => part['ReaderConfig'] ?? null).filter(isObject);
  const parts = [state, ...((state['Catch'] ?? []) as JsonObject[]), ...inner, ...config];
  const foreign = query.foreignFields.find((field) => parts.some((part) => Object.hasOwn(part, field)));
  if (foreign !== undefined) throw new SyntaxError(`The field '${foreign}' is not supported in ${language}`);
  return { type, run: withInput(query.compileInput(state), compile(state, query, compileInner)) };
}

/** Lets a state see the part of its input that it asks for. */
function withInput(input: Template | undefined, run: State['run']): State['run'] {
  if (!input) return run;
  return function* (entry) {
    entry.effectiveInput = yield* entry.evaluate(input);
    entry.inspect({ effectiveInput: entry.effectiveInput });
    return yield* run(entry);
  };
}
