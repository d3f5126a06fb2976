import { STATE_ENTERED, WHOLE } from '../history/events.ts';
import type { BranchState, Effect, Outcome } from './effects.ts';
import { STATES_ERRORS } from './error-names.ts';
import { StateFailure } from './errors.ts';
import { ExecutionScope, type ExecutionStart } from './execution-scope.ts';
import type { Inspection } from './inspection.ts';
import type { Outside } from './interpreter.ts';
import { STARTED_EVENT_ID } from './interpreter.ts';
import type { Json, JsonObject } from './json.ts';
import { advance } from './process.ts';
import { StateRun } from './state-run.ts';
import type { State } from './states/state.ts';

/** A test of one state. */
export interface StateTest {
  readonly state: State;
  readonly stateName: string;
  /** What its execution would be; its input is the state's. */
  readonly start: ExecutionStart;
  readonly variables: JsonObject;
  /** Instead of what the state's task or its children come to: a result as JSON text, or an error. */
  readonly mock: { readonly result: string } | { readonly error?: string; readonly cause?: string } | undefined;
  readonly context: JsonObject | undefined;
  readonly retryCount: number;
  readonly failedIterations: number;
  readonly timeoutSeconds: number;
}

/** What the state came to; `failure` is that of the state, handled by it or not. */
export interface StateTestResult {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'RETRIABLE' | 'CAUGHT_ERROR';
  readonly failure: StateFailure | undefined;
  /** JSON text. */
  readonly output: string | undefined;
  readonly next: string | undefined;
  readonly variables: JsonObject;
  readonly inspection: Inspection;
}

/** Runs one state as an execution would, up to its next state or the wait for a retry. */
export async function testState(test: StateTest, outside: Outside): Promise<StateTestResult> {
  const { state, variables } = test;
  let inspection: Inspection = {};
  const run = enter(test, outside, (facts) => {
    inspection = { ...inspection, ...facts };
  });
  const work = state.run(run);
  try {
    let step = await advance(work);
    while (!step.done) {
      // The only wait of a state that has failed is the one for a retry.
      if (inspection.retryDelaySeconds !== undefined) return ended('RETRIABLE', inspection.failure);
      const outcome = await outcomeOf(step.value as Effect, test, run, outside);
      step = await advance(work, outcome);
    }
    const { next, output, assigned } = step.value;
    const status = inspection.catchIndex === undefined ? 'SUCCEEDED' : 'CAUGHT_ERROR';
    const failure = status === 'SUCCEEDED' ? undefined : inspection.failure;
    return { ...ended(status, failure), output: output.text, next, variables: { ...variables, ...assigned } };
  } catch (error) {
    if (error instanceof StateFailure) return ended('FAILED', error);
    throw error;
  }

  function ended(status: StateTestResult['status'], failure: StateFailure | undefined): StateTestResult {
    return { status, failure, output: undefined, next: undefined, variables, inspection };
  }
}

function enter(test: StateTest, outside: Outside, inspect: (facts: Inspection) => void): StateRun {
  const { state, stateName, start, variables, mock, context, retryCount, failedIterations } = test;
  const { input, roleArn } = start;
  const details = { input, inputDetails: WHOLE };
  const started = outside.record('ExecutionStarted', 0, { ...details, roleArn });
  const entered = outside.record(STATE_ENTERED[state.type], 0, { name: stateName, ...details });
  outside.waits.begin({ id: STARTED_EVENT_ID, until: started.timestamp + test.timeoutSeconds * 1000 }, 0);
  const endChildren = (): Json => {
    if (mock && 'result' in mock) return JSON.parse(mock.result) as Json;
    throw new StateFailure(mock?.error, mock?.cause);
  };
  const testing = { retryCount, context, endChildren, failedIterations, inspect };
  const scope = new ExecutionScope(start, started.timestamp, outside, { testing });
  const branch: BranchState = {
    index: 0,
    mapName: undefined,
    lastEvent: entered,
    variables,
    openState: state.type,
    output: null,
    children: new Set(),
  };
  return new StateRun(scope, branch, stateName, { value: JSON.parse(input) as Json, text: input }, entered);
}

async function outcomeOf(effect: Effect, { mock }: StateTest, run: StateRun, outside: Outside): Promise<Outcome> {
  const { id } = effect;
  if (effect.task && mock) {
    return 'result' in mock ? { id, kind: 'succeeded', result: mock.result } : { id, kind: 'failed', ...mock };
  }
  outside.waits.begin(effect, run.lastEvent.id);
  const outcome = await outside.waits.next();
  if (outcome.id === STARTED_EVENT_ID) throw new StateFailure(STATES_ERRORS.timeout);
  return outcome;
}
