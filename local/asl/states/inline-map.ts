import { createBranch, resumeBranch } from '../branch.ts';
import type { Branch, Process } from '../effects.ts';
import type { Testing } from '../inspection.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Thresholds } from '../map-run.ts';
import type { QueryLanguage } from '../query/language.ts';
import type { Template } from '../query/template.ts';
import type { ChildStandings } from '../redrive.ts';
import type { StateRun } from '../state-run.ts';
import type { Transition } from '../transition.ts';
import { runChildren } from './children.ts';
import type { Machine } from './state.ts';
import { checkThresholds, compileTolerance, isExceeded, readThresholds } from './tolerance.ts';

/** "In this mode, the Map state supports up to 40 concurrent iterations" (developer guide, "Inline mode"). */
const MAX_INLINE_CONCURRENCY = 40;

/** What the iterations of one attempt have in common. */
interface Iterations {
  readonly items: readonly Json[];
  readonly processor: Machine;
  readonly selector: Template | undefined;
  /** How many run at the same time. */
  readonly limit: number;
  readonly thresholds: Thresholds;
  /** The iterations to go on with. */
  readonly standings: ChildStandings | undefined;
}

/** Map in inline mode: runs its ItemProcessor for each item; its result is the array of their outputs. */
export function compileInlineMap(
  definition: JsonObject,
  query: QueryLanguage,
  processor: Machine,
): (run: StateRun) => Process<Transition> {
  const itemsField = query.compileItems(definition);
  const selector = query.compileItemSelector(definition);
  const concurrency = query.compileCount(definition, 'MaxConcurrency');
  const tolerance = compileTolerance(definition, query);
  const exit = query.compileExit(definition);
  return function* (run) {
    const items = yield* run.evaluate(itemsField);
    run.inspect({ items });
    const limit = yield* readConcurrency(run, concurrency);
    const standings = run.takeChildren();
    if (!standings) run.record('MapStateStarted', { length: items.length });
    const thresholds = yield* readThresholds(run, tolerance);
    const iterations = { items, processor, selector, limit, thresholds, standings };
    const result = yield* run.scope.testing
      ? endIterations(run, run.scope.testing, iterations)
      : iterate(run, iterations);
    run.recordSucceeded('Map');
    return yield* run.leave(exit, result, { result });
  };
}

function* readConcurrency(run: StateRun, template: Template<number> | undefined): Process<number> {
  const limit = template ? yield* run.evaluate(template) : 0;
  run.inspect({ maxConcurrency: limit });
  return Math.min(limit || MAX_INLINE_CONCURRENCY, MAX_INLINE_CONCURRENCY);
}

function* iterate(run: StateRun, iterations: Iterations): Process<Json[]> {
  const { items, limit, thresholds, standings } = iterations;
  const outputs = new Map<number, Json>();
  for (const [index, child] of standings ?? []) if ('output' in child) outputs.set(index, child.output);
  const pending = [...items.keys()].filter((index) => !outputs.has(index));
  let [next, failures] = [Math.min(limit, pending.length), 0];

  // Nothing starts before the input of all that start now is known.
  const first: ((previousEventId: number) => Branch)[] = [];
  for (const index of pending.slice(0, next)) first.push(yield* prepareIteration(run, iterations, index));
  const startedId = run.lastEvent.id;
  const children = first.map((start) => start(startedId));
  yield* runChildren(run, children, {
    succeeded({ index, output }) {
      outputs.set(index, output);
      run.record('MapIterationSucceeded', { name: run.name, index });
    },
    failed(failure) {
      failures += 1;
      checkThresholds(thresholds, failures, items.length);
      // As recorded on AWS: where none is tolerated, the failure is the state's own.
      if (isExceeded(thresholds, failures, items.length)) throw failure;
    },
    *following({ lastEvent }) {
      const index = pending[next];
      if (index === undefined) return [];
      next += 1;
      const start = yield* prepareIteration(run, iterations, index);
      return [start(lastEvent.id)];
    },
  });
  // A tolerated failure leaves no gap.
  return items.flatMap((_, index) => (outputs.has(index) ? [outputs.get(index) as Json] : []));
}

/** Instead of running the iterations of a state that is tested alone. */
function* endIterations(run: StateRun, testing: Testing, iterations: Iterations): Process<Json> {
  const { items, selector, thresholds } = iterations;
  const itemInputs: Json[] = [];
  for (const index of selector ? items.keys() : []) itemInputs.push(yield* evaluateItem(run, iterations, index));
  if (selector) run.inspect({ itemInputs });
  const result = testing.endChildren();
  checkThresholds(thresholds, testing.failedIterations, items.length);
  return result;
}

/** What an iteration gets: the item, or what ItemSelector makes of it. */
function* evaluateItem(run: StateRun, { items, selector }: Iterations, index: number): Process<Json> {
  const item = items[index] as Json;
  // "For state input, the value will be: STATE_DATA" (developer guide, "Context object data for Map states"). The states
  // of the iteration do not see this.
  const context = { Map: { Item: { Index: index, Value: item, Source: 'STATE_DATA' } } };
  return selector ? yield* run.evaluate(selector, { context }) : item;
}

/** Makes an iteration ready to start after the event given. */
function* prepareIteration(
  run: StateRun,
  iterations: Iterations,
  index: number,
): Process<(previousEventId: number) => Branch> {
  const { processor, standings } = iterations;
  const { name, scope, branch } = run;
  const child = standings?.get(index);
  if (child && 'standing' in child) {
    return () =>
      resumeBranch(processor, scope, child.standing, { index, mapName: name, timestamp: run.lastEvent.timestamp });
  }
  const input = run.toPayload(yield* evaluateItem(run, iterations, index));
  return (previousEventId) => {
    const lastEvent = scope.record('MapIterationStarted', previousEventId, { name, index });
    const { variables } = branch;
    return createBranch(processor, scope, { index, mapName: name, input, lastEvent, variables });
  };
}
