import type { BranchState } from './effects.ts';
import type { ExecutionScope } from './execution-scope.ts';
import type { Json, JsonObject } from './json.ts';
import type { Scope } from './query/template.ts';
import type { Random } from './random.ts';

/** `$states` beyond input and context. */
export interface Results {
  readonly result?: Json;
  readonly errorOutput?: Json;
  /** More of the context object: what belongs to one item of a Map. */
  readonly context?: JsonObject;
}

/** An entry of a state, as far as fields read from it. */
interface Entry {
  readonly input: Json;
  readonly branch: Pick<BranchState, 'variables' | 'lastEvent'>;
  readonly scope: Pick<ExecutionScope, 'pause'>;
  readonly random: Random;
  /** The context object. */
  context(): JsonObject;
}

/** What a field of a state that was entered can read; what few fields read is made when they do. */
export class StateScope implements Scope {
  readonly value: Json;
  readonly #entry: Entry;
  readonly #results: Results;
  readonly #random: Random | undefined;
  #states: Scope['states'] | undefined;
  #context: JsonObject | undefined;

  /** `random` is for an evaluation whose random values are not the state's. */
  constructor(entry: Entry, results: Results, value: Json, random?: Random) {
    this.#entry = entry;
    this.#results = results;
    this.value = value;
    this.#random = random;
  }

  get input(): Json {
    return this.#entry.input;
  }

  get variables(): Scope['variables'] {
    return this.#entry.branch.variables;
  }

  get now(): number {
    return this.#entry.branch.lastEvent.timestamp;
  }

  get random(): Random {
    return this.#random ?? this.#entry.random;
  }

  get pause(): Scope['pause'] {
    return this.#entry.scope.pause;
  }

  get context(): JsonObject {
    this.#context ??= { ...this.#entry.context(), ...this.#results.context };
    return this.#context;
  }

  get states(): Scope['states'] {
    const scope = this;
    this.#states ??= {
      input: this.input,
      ...this.#results,
      get context() {
        return scope.context;
      },
    };
    return this.#states;
  }

  withValue(value: Json): Scope {
    return new StateScope(this.#entry, this.#results, value, this.#random);
  }
}
