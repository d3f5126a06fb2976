import type { StateType } from '../../history/events.ts';
import type { Process } from '../effects.ts';
import type { Json, JsonObject } from '../json.ts';
import { compileTemplate, type Template } from '../query/jsonata.ts';
import type { StateRun } from '../state-run.ts';
import type { Exit, Transition } from '../transition.ts';

/** A state, ready to be entered any number of times. */
export interface State {
  readonly type: StateType;
  /** Throws StateFailure when the state fails and does not handle it. */
  run(run: StateRun): Process<Transition>;
}

/** A state machine, or one inside of a Map or Parallel state: compiled once and run any number of times. */
export interface Machine {
  readonly startAt: string;
  readonly timeoutSeconds: number | undefined;
  readonly states: ReadonlyMap<string, State>;
}

/** Compiles a state machine inside of a state; `field` is where that has it: `Branches[0]`. */
export type MachineCompiler = (definition: Json, field: string) => Machine;

/** Compiles a state of one type. Throws a SyntaxError on an expression that does not parse. */
export type StateCompiler = (definition: JsonObject, compileInner: MachineCompiler) => State['run'];

/** Reads Next, Output and Assign of a state, a catcher or a choice rule; `path` is where the state has it: `Catch[0]/`. */
export function compileExit(definition: JsonObject, path = ''): Exit {
  const assign = (definition['Assign'] ?? {}) as JsonObject;
  return {
    next: definition['Next'] as string | undefined,
    output: compileField(definition, 'Output', path),
    assign: Object.entries(assign).map(([name, value]) => [name, compileTemplate(value, `${path}Assign/${name}`)]),
  };
}

/** Compiles a field that need not be there. */
export function compileField(definition: JsonObject, field: string, path = ''): Template | undefined {
  const value = definition[field];
  return value === undefined ? undefined : compileTemplate(value, `${path}${field}`);
}
