import { STATES_ERRORS } from '../error-names.ts';
import type { Json } from '../json.ts';
import type { Random } from '../random.ts';

/** What a field can read when it is evaluated. */
export interface Scope {
  /** The state's input, as it was entered with. */
  readonly input: Json;
  /** The context object, JSONPath's `$$`. */
  readonly context: Json;
  /** JSONata's `$states`: input, context, and result or errorOutput where there is one. */
  readonly states: { readonly input: Json; readonly context: Json } & Readonly<Record<string, Json>>;
  /** JSONPath's `$`: the effective input, then the result, or a caught error. */
  readonly value: Json;
  readonly variables: Readonly<Record<string, Json>>;
  /** What $now and $millis give, ms since the epoch. */
  readonly now: number;
  /** What random functions draw from. */
  readonly random: Random;
  /** Lets others run in the middle of a long evaluation: what it gives is waited for. */
  readonly pause?: Pause | undefined;
  /** The same with another `$`. */
  withValue(value: Json): Scope;
}

/** Called now and then by what may take long; it gives a promise when it is time to let others run. */
export type Pause = () => Promise<void> | undefined;

/** A field whose evaluation failed. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
  /** The field, as AWS names it: `Arguments/FunctionName`; undefined for the input. */
  readonly location: string | undefined;
  readonly error: string;

  constructor(message: string, location: string | undefined, error: string = STATES_ERRORS.queryEvaluationError) {
    super(message);
    this.location = location;
    this.error = error;
  }
}

/** A field of a definition: parsed once, evaluated often. */
export interface Template<T extends Json = Json> {
  /** Throws QueryError. The result is never changed afterwards. */
  evaluate(scope: Scope): Promise<T> | T;
}
