import type { StateType } from '../../history/events.ts';
import type { Process } from '../effects.ts';
import type { Json, JsonObject } from '../json.ts';
import { compileTemplate, type Template } from '../query/jsonata.ts';
import type { StateRun } from '../state-run.ts';

/** Where an execution goes from a state, and with what. */
export interface Transition {
  /** Undefined at the end of the branch. */
  readonly next: string | undefined;
  readonly output: Json;
  /** The output as JSON text. */
  readonly outputText: string;
  readonly assigned: Readonly<Record<string, Json>>;
}

/** A state, ready to be entered any number of times. */
export interface State {
  readonly type: StateType;
  /** Throws StateFailure when the state fails and does not handle it. */
  run(run: StateRun): Process<Transition>;
}

/** Compiles a state of one type. Throws a SyntaxError on an expression that does not parse. */
export type StateCompiler = (definition: JsonObject) => State['run'];

/** The fields that decide what leaves a state; a catcher and a choice rule have them too. */
export interface Exit {
  readonly next: string | undefined;
  readonly output: Template | undefined;
  readonly assign: ReadonlyArray<readonly [name: string, value: Template]>;
}

/** Reads Next, Output and Assign of a state, a catcher or a choice rule. */
export function compileExit(definition: JsonObject): Exit {
  const assign = (definition['Assign'] ?? {}) as JsonObject;
  return {
    next: definition['Next'] as string | undefined,
    output: compileField(definition, 'Output'),
    assign: Object.entries(assign).map(([name, value]) => [name, compileTemplate(value, `Assign/${name}`)]),
  };
}

/** Compiles a field that need not be there. */
export function compileField(definition: JsonObject, field: string): Template | undefined {
  const value = definition[field];
  return value === undefined ? undefined : compileTemplate(value, field);
}
