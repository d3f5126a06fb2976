import { matchesError } from '../../local/asl/error-names.ts';
import type { Retrier } from '../../local/asl/retry.ts';
import type { Definition } from '../../statemachine/definition.ts';

/** What the state machine does with a call to a model that fails, and what its ends cost in state transitions. */
export interface CallPolicy {
  readonly retriers: readonly Retrier[];
  /** Whether the next model is asked after this error, where no retry is left. */
  leadsToNextModel(error: string): boolean;
  /** How long an execution may take, in ms. */
  readonly executionMs: number;
  /** State transitions of an execution that is answered at its first call, the start among them. */
  readonly transitionsOfAnswer: number;
  /** Those of an execution whose only call fails. */
  readonly transitionsOfFailure: number;
  /** What each further model adds: the choice, and its own first call. */
  readonly transitionsOfNextModel: number;
}

const CALLING_STATE = 'InvokeModel';
const CHOOSING_STATE = 'NextModel';

interface CallingState {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[];
}

/** Reads what InvokeModel's Retry and Catch say, and counts the states on the ways through the machine. */
export function readCallPolicy(definition: Definition): CallPolicy {
  const { Retry = [], Catch = [] } = definition.States[CALLING_STATE] as unknown as CallingState;
  const nextOf = (name: string): unknown => definition.States[name]?.['Next'] ?? definition.States[name]?.['Default'];
  /** From a state to the end, by Next or, of a Choice, by Default. */
  const wayFrom = (start: unknown): string[] => {
    const way: string[] = [];
    for (let name = start; typeof name === 'string'; name = nextOf(name)) way.push(name);
    return way;
  };
  const answered = wayFrom(definition['StartAt']);
  const untilCalled = answered.indexOf(CALLING_STATE) + 1;
  return {
    retriers: Retry,
    leadsToNextModel: (error) =>
      Catch.find(({ ErrorEquals }) => matchesError(ErrorEquals, error))?.Next === CHOOSING_STATE,
    executionMs: Number(definition['TimeoutSeconds'] ?? Number.POSITIVE_INFINITY) * 1_000,
    transitionsOfAnswer: 1 + answered.length,
    transitionsOfFailure: 1 + untilCalled + wayFrom(CHOOSING_STATE).length,
    transitionsOfNextModel: [CHOOSING_STATE, CALLING_STATE].length,
  };
}
