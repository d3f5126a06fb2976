import type { StateType } from '../../history/events.ts';
import type { Process } from '../effects.ts';
import type { JsonObject } from '../json.ts';
import type { QueryLanguage } from '../query/language.ts';
import type { StateRun } from '../state-run.ts';
import type { Transition } from '../transition.ts';

/** A state, ready to be entered any number of times. */
export interface State {
  readonly type: StateType;
  /** Throws StateFailure when the state fails and does not handle it. */
  run(run: StateRun): Process<Transition>;
}

/** Compiles a state of one type. Throws a SyntaxError on an expression that does not parse. */
export type StateCompiler = (definition: JsonObject, query: QueryLanguage) => State['run'];
