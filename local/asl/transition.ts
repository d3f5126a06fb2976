import type { Json, Payload } from './json.ts';
import type { Template } from './query/template.ts';

/** Where an execution goes from a state, and with what. */
export interface Transition {
  /** Undefined at the end of the branch. */
  readonly next: string | undefined;
  readonly output: Payload;
  /** Undefined where nothing is. */
  readonly assigned: Readonly<Record<string, Json>> | undefined;
}

/** The fields that decide what leaves a state; a catcher and a choice rule have them too. */
export interface Exit {
  readonly next: string | undefined;
  readonly output: Template | undefined;
  /** What a test of the state shows of the way to the output; undefined is the value itself. */
  readonly steps?: ReadonlyArray<
    readonly [name: 'afterResultSelector' | 'afterResultPath', value: Template | undefined]
  >;
  readonly assign: ReadonlyArray<readonly [name: string, value: Template]>;
}
