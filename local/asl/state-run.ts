import {
  type EventDetails,
  type EventType,
  type HistoryEvent,
  STATE_EXITED,
  type StateType,
  WHOLE,
} from '../history/events.ts';
import type { BranchState, Process } from './effects.ts';
import { STATES_ERRORS } from './error-names.ts';
import { StateFailure } from './errors.ts';
import type { ExecutionScope } from './execution-scope.ts';
import type { Inspection } from './inspection.ts';
import { type Json, type JsonObject, type Payload, setKey } from './json.ts';
import { dataLimitExceeded, isTooLarge } from './limits.ts';
import { settle } from './process.ts';
import { QueryError, type Template } from './query/template.ts';
import { createRandom, type Random } from './random.ts';
import type { ChildStandings, Standing, StartedMapRun } from './redrive.ts';
import { type Results, StateScope } from './state-scope.ts';
import { createTaskToken } from './task-token.ts';
import type { Exit, Transition } from './transition.ts';

const NO_RESULTS: Results = {};

/** One entry of a state: its input, and everything that evaluating and recording needs. */
export class StateRun {
  readonly name: string;
  /** What it was entered with. */
  readonly payload: Payload;
  /** The part of the input that the state's fields and its work see. */
  effectiveInput: Json;
  /** Attempts of this entry that were retried; `$states.context.State.RetryCount`. */
  retryCount = 0;
  readonly scope: ExecutionScope;
  readonly branch: BranchState;
  readonly #entered: HistoryEvent;
  /** Where the exit points to, if not to the latest event. */
  #exitFrom: number | undefined;
  #random: Random | undefined;
  #taskToken: string | undefined;
  #children: ChildStandings | undefined;
  #mapRun: StartedMapRun | undefined;

  constructor(
    scope: ExecutionScope,
    branch: BranchState,
    name: string,
    payload: Payload,
    entered: HistoryEvent,
    standing?: Standing,
  ) {
    this.scope = scope;
    this.branch = branch;
    this.name = name;
    this.payload = payload;
    this.effectiveInput = payload.value;
    this.#entered = entered;
    this.#children = standing?.children;
    this.#mapRun = standing?.mapRun;
  }

  get input(): Json {
    return this.payload.value;
  }

  /** The branch's latest event. */
  get lastEvent(): BranchState['lastEvent'] {
    return this.branch.lastEvent;
  }

  /** Records the branch's next event. */
  record<T extends EventType>(type: T, details: EventDetails[T], previousEventId = this.lastEvent.id): HistoryEvent<T> {
    const event = this.scope.record(type, previousEventId, details);
    this.branch.lastEvent = event;
    return event;
  }

  /** Records an event that the branch's next one does not point back to. */
  recordAside<T extends EventType>(type: T, details: EventDetails[T]): void {
    this.scope.record(type, this.lastEvent.id, details);
  }

  /** Tells a test of the state what it came to. */
  inspect(facts: Inspection): void {
    this.scope.testing?.inspect(facts);
  }

  /** The task token of the attempt under way, if it has one: `Task.Token` of the context object. */
  get taskToken(): string | undefined {
    return this.#taskToken;
  }

  /** What the random functions of this entry of the state draw from. */
  get random(): Random {
    const { executionArn, redriveCount } = this.scope;
    const attempt = redriveCount > 0 ? ` redrive ${redriveCount}` : '';
    this.#random ??= createRandom(`${executionArn}#${this.#entered.id}${attempt}`);
    return this.#random;
  }

  /** Gives the next attempt a task token of its own. */
  renewTaskToken(): void {
    const { executionArn, redriveCount } = this.scope;
    this.#taskToken = createTaskToken(executionArn, this.#entered.id, redriveCount, this.retryCount);
  }

  /** The children that the first attempt goes on with, where an execution was redriven in this state. */
  takeChildren(): ChildStandings | undefined {
    const children = this.#children;
    this.#children = undefined;
    return children?.size ? children : undefined;
  }

  /** The map run that the first attempt redrives, where an execution was redriven in this state. */
  takeMapRun(): StartedMapRun | undefined {
    const mapRun = this.#mapRun;
    this.#mapRun = undefined;
    return mapRun;
  }

  /** Evaluates a field. Throws the StateFailure that AWS makes of an evaluation that fails. */
  *evaluate<T extends Json>(template: Template<T>, results = NO_RESULTS, value = this.effectiveInput): Process<T> {
    try {
      const found = template.evaluate(new StateScope(this, results, value));
      return found instanceof Promise ? yield* settle(found) : found;
    } catch (error) {
      throw error instanceof QueryError ? this.#evaluationFailed(error) : error;
    }
  }

  /**
   * Evaluates a field for an item of a map run, which goes on while the state waits: nothing is recorded, and random
   * values come from a seed of the item's own. Throws StateFailure.
   */
  async evaluateItem(template: Template, context: JsonObject, seed: string): Promise<Json> {
    try {
      return await template.evaluate(new StateScope(this, { context }, this.effectiveInput, createRandom(seed)));
    } catch (error) {
      throw error instanceof QueryError ? new StateFailure(error.error, this.describe(error.message)) : error;
    }
  }

  /**
   * Leaves the state with a value: with what its fields make of it, if it has any, and its Assign. Both see the
   * variables as they were before. Throws States.DataLimitExceeded when the output is over the limit.
   */
  *leave(exit: Exit, value: Json, results?: Results): Process<Transition> {
    const { next, output, assign } = exit;
    if (this.scope.testing) yield* this.#inspectExit(exit, value, results);
    const assigned = assign.length > 0 ? yield* this.#assign(assign, value, results) : undefined;
    const left = output === undefined ? value : yield* this.evaluate(output, results, value);
    return { next, output: this.toPayload(left), assigned };
  }

  /** A value with its text. Throws States.DataLimitExceeded when that is over the limit. */
  toPayload(value: Json): Payload {
    if (value === this.payload.value) return this.payload;
    const text = JSON.stringify(value);
    if (isTooLarge(text)) throw dataLimitExceeded(this.name);
    return { value, text };
  }

  /** Records that the state was left, and with which variables assigned. */
  recordExit(type: Exclude<StateType, 'Fail'>, output: string, assigned: Transition['assigned']): void {
    const details: EventDetails['PassStateExited'] = { name: this.name, output, outputDetails: WHOLE };
    if (assigned) {
      const texts = Object.entries(assigned).map(([name, value]) => [name, JSON.stringify(value)] as const);
      details.assignedVariables = Object.fromEntries(texts);
      details.assignedVariablesDetails = WHOLE;
    }
    this.record(STATE_EXITED[type], details, this.#exitFrom);
  }

  /** Records that all children of the state succeeded; its exit will point to the event before, as recorded on AWS. */
  recordSucceeded(type: 'Parallel' | 'Map'): void {
    this.#exitFrom = this.lastEvent.id;
    this.record(`${type}StateSucceeded`, undefined);
  }

  /** Records that a state of children failed for good, which ends it even where a Catch leads on. */
  recordFailed(type: 'Parallel' | 'Map'): void {
    this.record(`${type}StateFailed`, undefined);
    this.#exitFrom = undefined;
    this.branch.openState = undefined;
  }

  /** "An error occurred while executing the state ...", AWS's opening of a cause of its own. */
  describe(cause: string): string {
    return `An error occurred while executing the state '${this.name}' (entered at the event id #${this.#entered.id}). ${cause}`;
  }

  *#assign(assign: Exit['assign'], value: Json, results?: Results): Process<Record<string, Json>> {
    const assigned: Record<string, Json> = {};
    for (const [name, template] of assign) setKey(assigned, name, yield* this.evaluate(template, results, value));
    if (isTooLarge(JSON.stringify(assigned))) throw dataLimitExceeded(this.name);
    return assigned;
  }

  *#inspectExit({ steps }: Exit, value: Json, results?: Results): Process<void> {
    for (const [name, step] of steps ?? [])
      this.inspect({ [name]: step ? yield* this.evaluate(step, results, value) : value });
  }

  #evaluationFailed({ message, location, error }: QueryError): StateFailure {
    const cause = this.describe(message);
    if (error === STATES_ERRORS.queryEvaluationError) {
      const details = { error, cause, ...(location !== undefined && { location }), state: this.name };
      // As recorded on AWS: it points at the event before the state's entry.
      this.record('EvaluationFailed', details, this.#entered.previousEventId);
    }
    return new StateFailure(error, cause);
  }

  /** The context object as the state sees it. */
  context(): JsonObject {
    const { context } = this.scope.testing ?? {};
    if (context) return context;
    const { name } = this;
    const state = { EnteredTime: new Date(this.#entered.timestamp).toISOString(), Name: name };
    // As recorded on AWS: only a state that can be retried has a count.
    const isRetriable = /^(Task|Parallel|Map)StateEntered$/.test(this.#entered.type);
    const { Execution = null, StateMachine = null } = this.scope.context;
    return {
      Execution,
      StateMachine,
      State: isRetriable ? { ...state, RetryCount: this.retryCount } : state,
      ...(this.#taskToken !== undefined && { Task: { Token: this.#taskToken } }),
    };
  }
}
