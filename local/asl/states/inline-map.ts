import { type BranchStart, createBranch } from '../branch.ts';
import type { Branch, Process } from '../effects.ts';
import type { Json, JsonObject } from '../json.ts';
import { dataLimitExceeded, isTooLarge } from '../limits.ts';
import type { Thresholds } from '../map-run.ts';
import type { QueryLanguage } from '../query/language.ts';
import type { Template } from '../query/template.ts';
import type { StateRun } from '../state-run.ts';
import { runChildren } from './children.ts';
import type { Machine, State } from './state.ts';
import { compileTolerance, isExceeded, readThresholds, thresholdExceeded } from './tolerance.ts';

/** "In this mode, the Map state supports up to 40 concurrent iterations" (developer guide, "Inline mode"). */
const MAX_INLINE_CONCURRENCY = 40;

type Input = BranchStart['input'];

/** What the iterations of one attempt have in common. */
interface Iterations {
  readonly items: readonly Json[];
  readonly processor: Machine;
  readonly selector: Template | undefined;
  /** How many run at the same time. */
  readonly limit: number;
  readonly thresholds: Thresholds;
}

/** Map in inline mode: runs its ItemProcessor for each item; its result is the array of their outputs. */
export function compileInlineMap(definition: JsonObject, query: QueryLanguage, processor: Machine): State['run'] {
  const itemsField = query.compileItems(definition);
  const selector = query.compileItemSelector(definition);
  const concurrency = query.compileCount(definition, 'MaxConcurrency');
  const tolerance = compileTolerance(definition, query);
  const exit = query.compileExit(definition);
  return async function* (run) {
    const items = await run.evaluate(itemsField);
    const limit = await readConcurrency(run, concurrency);
    run.record('MapStateStarted', { length: items.length });
    const thresholds = await readThresholds(run, tolerance);
    const result = yield* iterate(run, { items, processor, selector, limit, thresholds });
    run.recordSucceeded('Map');
    return run.leave(exit, result, { result });
  };
}

async function readConcurrency(run: StateRun, template: Template<number> | undefined): Promise<number> {
  const limit = template ? await run.evaluate(template) : 0;
  return Math.min(limit || MAX_INLINE_CONCURRENCY, MAX_INLINE_CONCURRENCY);
}

async function* iterate(run: StateRun, iterations: Iterations): Process<Json[]> {
  const { items, limit, thresholds } = iterations;
  const outputs = new Map<number, Json>();
  let [next, failures] = [Math.min(limit, items.length), 0];

  // Nothing starts before the input of all that start now is known.
  const inputs: Input[] = [];
  for (let index = 0; index < next; index += 1) inputs.push(await selectInput(run, iterations, index));
  const startedId = run.lastEvent.id;
  const first = inputs.map((input, index) => startIteration(run, iterations, index, input, startedId));
  yield* runChildren(run, first, {
    succeeded({ index, output }) {
      outputs.set(index, output);
      run.record('MapIterationSucceeded', { name: run.name, index });
    },
    failed(failure) {
      failures += 1;
      if (!isExceeded(thresholds, failures, items.length)) return;
      // As recorded on AWS: where none is tolerated, the failure is the state's own.
      const isTolerant = thresholds.count !== undefined || thresholds.percentage !== undefined;
      throw isTolerant ? thresholdExceeded() : failure;
    },
    async following({ lastEvent }) {
      if (next >= items.length) return [];
      const index = next;
      next += 1;
      return [startIteration(run, iterations, index, await selectInput(run, iterations, index), lastEvent.id)];
    },
  });
  // A tolerated failure leaves no gap.
  return items.flatMap((_, index) => (outputs.has(index) ? [outputs.get(index) as Json] : []));
}

/** What an iteration gets: the item, or what ItemSelector makes of it. */
async function selectInput(run: StateRun, { items, selector }: Iterations, index: number): Promise<Input> {
  const item = items[index] as Json;
  // "For state input, the value will be: STATE_DATA" (developer guide, "Context object data for Map states"). The states
  // of the iteration do not see this.
  const context = { Map: { Item: { Index: index, Value: item, Source: 'STATE_DATA' } } };
  const value = selector ? await run.evaluate(selector, { context }) : item;
  const text = JSON.stringify(value);
  if (isTooLarge(text)) throw dataLimitExceeded(run.name);
  return [value, text];
}

function startIteration(
  run: StateRun,
  { processor }: Iterations,
  index: number,
  input: Input,
  previousEventId: number,
): Branch {
  const { name, scope, branch } = run;
  const lastEvent = scope.record('MapIterationStarted', previousEventId, { name, index });
  return createBranch(processor, scope, { index, mapName: name, input, lastEvent, variables: branch.variables });
}
