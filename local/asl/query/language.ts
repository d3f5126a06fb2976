import type { StateFailure } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Exit } from '../transition.ts';
import type { Template } from './template.ts';

export type CountField = 'MaxConcurrency' | 'ToleratedFailureCount' | 'MaxItemsPerBatch' | 'MaxInputBytesPerBatch';

/**
 * How the fields of a state are written. Each method reads one kind of field from a state, a catcher or a choice rule;
 * it gives undefined where the field is missing and throws a SyntaxError where it does not parse.
 */
export interface QueryLanguage {
  /** Fields of the other language, which a state may not have. */
  readonly foreignFields: readonly string[];
  /** The part of the input that the state sees; undefined is all of it. */
  compileInput(state: JsonObject): Template | undefined;
  /**
   * What goes into the state's work, or into a part of it that stands at `location`; undefined is the input as the state
   * sees it.
   */
  compileArguments(state: JsonObject, location?: string): Template | undefined;
  /** A field of a part of a state that may hold any value. */
  compileValue(part: JsonObject, field: string, location: string): Template | undefined;
  /** How the state is left once its work is done. */
  compileExit(state: JsonObject): Exit;
  /** `location` is where the catcher, or the rule, stands in the state: `Catch[0]`. */
  compileCatcherExit(catcher: JsonObject, location: string): Exit;
  compileRuleExit(rule: JsonObject, state: JsonObject, location: string): Exit;
  compileCondition(rule: JsonObject, location: string): Template<boolean>;
  /** A whole number of seconds: not negative for a wait, positive for a time limit. */
  compileSeconds(
    state: JsonObject,
    field: 'Seconds' | 'TimeoutSeconds' | 'HeartbeatSeconds',
  ): Template<number> | undefined;
  /** Milliseconds since the epoch. */
  compileTimestamp(state: JsonObject): Template<number> | undefined;
  compileText(state: JsonObject, field: 'Error' | 'Cause'): Template<string> | undefined;
  compileCredentials(state: JsonObject): Template<{ roleArn: string }> | undefined;
  /** The items of a Map. */
  compileItems(state: JsonObject): Template<Json[]>;
  /** What an iteration of a Map gets; undefined is the item. */
  compileItemSelector(state: JsonObject): Template | undefined;
  /** A whole number that is not negative, in the state or in a part of it. */
  compileCount(state: JsonObject, field: CountField, location?: string): Template<number> | undefined;
  /** MaxItems: as a count, but whoever reads the items finds it negative. */
  compileMaxItems(config: JsonObject, location: string): Template<number> | undefined;
  /** A number from 0 to 100. */
  compilePercentage(state: JsonObject, field: 'ToleratedFailurePercentage'): Template<number> | undefined;
  /** A failure as a catcher sees it. */
  describeFailure(failure: StateFailure): JsonObject;
}
