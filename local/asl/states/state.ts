import type { StateType } from '../../history/events.ts';
import type { Process } from '../effects.ts';
import type { Json, JsonObject } from '../json.ts';
import type { QueryLanguage } from '../query/language.ts';
import type { StateRun } from '../state-run.ts';
import type { Transition } from '../transition.ts';

/** A state, ready to be entered any number of times. */
export interface State {
  readonly type: StateType;
  /** Throws StateFailure when the state does not handle that. */
  run(run: StateRun): Process<Transition>;
}

/** A state machine, or one inside of a Map or Parallel state: compiled once and run any number of times. */
export interface Machine {
  readonly startAt: string;
  readonly timeoutSeconds: number | undefined;
  readonly states: ReadonlyMap<string, State>;
}

/** Compiles state machines inside of a state. */
export interface MachineCompiler {
  /** `field` is where the state has the machine: `Branches[0]`. */
  (definition: Json, field: string): Machine;
  /** The query language of states that name none. */
  readonly language: string;
}

/** Compiles a state of one type. Throws a SyntaxError on an expression that does not parse. */
export type StateCompiler = (
  definition: JsonObject,
  query: QueryLanguage,
  compileInner: MachineCompiler,
) => State['run'];
