import type { Process } from '../effects.ts';
import type { Json, JsonObject } from '../json.ts';
import type { MapRunRequest } from '../map-run.ts';
import type { QueryLanguage } from '../query/language.ts';
import type { Template } from '../query/template.ts';
import { createRandom } from '../random.ts';
import type { StartedMapRun } from '../redrive.ts';
import type { StateRun } from '../state-run.ts';
import type { Transition } from '../transition.ts';
import { failureOf } from './children.ts';
import { compileBatcher, compileReader, compileWriter } from './distributed-fields.ts';
import { present } from './task-resource.ts';
import { checkThresholds, compileTolerance, readThresholds } from './tolerance.ts';

const MAX_LABEL_CHARACTERS = 40;
const NOT_IN_LABEL = /[\s?*<>{}[\]:;,\\|^~$#%&`"\p{Cc}]/u;

/** The item processor, which is a state machine of its own. */
type Processor = Pick<MapRunRequest, 'definition' | 'executionType'>;

/**
 * Map in distributed mode: a map run starts an execution of the ItemProcessor for each item, or batch of items. Its
 * result is the array of their outputs, or where ResultWriter put them.
 */
export function compileDistributedMap(
  definition: JsonObject,
  query: QueryLanguage,
  processor: Processor,
): (run: StateRun) => Process<Transition> {
  const label = readLabel(definition['Label']);
  const reader = compileReader(definition, query);
  const itemsField = reader ? undefined : query.compileItems(definition);
  const selector = query.compileItemSelector(definition);
  const concurrency = query.compileCount(definition, 'MaxConcurrency');
  const tolerance = compileTolerance(definition, query);
  const batcher = compileBatcher(definition, query);
  const writer = compileWriter(definition, query);
  const exit = query.compileExit(definition);
  return function* (run) {
    const array = itemsField && (yield* run.evaluate(itemsField));
    if (array) run.inspect({ items: array });
    const maxConcurrency = concurrency ? yield* run.evaluate(concurrency) : 0;
    run.inspect({ maxConcurrency });
    const before = run.takeMapRun();
    // As recorded on AWS: the length of a dataset that is still to be read is 0.
    if (!before) run.record('MapStateStarted', { length: array?.length ?? 0 });
    const thresholds = yield* readThresholds(run, tolerance);
    const { testing } = run.scope;
    let result: Json;
    if (testing) {
      // Instead of a map run, of a state that is tested alone.
      result = testing.endChildren();
      checkThresholds(thresholds, testing.failedIterations, array?.length ?? 0);
    } else {
      const items = reader ? yield* reader(run) : (array ?? []);
      const batching = batcher && (yield* batcher(run));
      const results = yield* writer(run);
      const names = nameMapRun(run, label, before);
      const select = selectWith(run, selector, names.mapRunArn);
      const limits = { maxConcurrency, thresholds };
      result = yield* awaitMapRun(run, { ...processor, ...names, ...limits, items, batching, results, select });
    }
    run.recordSucceeded('Map');
    return yield* run.leave(exit, result, { result });
  };
}

/** Has a map run done, and records what AWS records of it. Throws StateFailure. */
function* awaitMapRun(run: StateRun, mapRun: MapRunRequest): Process<Json> {
  const { mapRunArn, redriveCount } = mapRun;
  const { id } =
    redriveCount === 0
      ? run.record('MapRunStarted', { mapRunArn })
      : run.record('MapRunRedriven', { mapRunArn, redriveCount });
  const outcome = yield { id, mapRun };
  if (outcome.kind === 'succeeded') {
    run.record('MapRunSucceeded', undefined);
    return JSON.parse(outcome.result) as Json;
  }
  const failure = failureOf(outcome);
  run.record('MapRunFailed', present(failure));
  throw failure;
}

/** "A string that uniquely identifies a Map state ... up to 40 characters" (developer guide, "Distributed mode"). */
function readLabel(label: Json | undefined): string | undefined {
  if (label === undefined) return undefined;
  if (typeof label !== 'string') throw new SyntaxError("The value for the field 'Label' must be a string");
  if (label === '') throw new SyntaxError('Label cannot be empty');
  if (label.length > MAX_LABEL_CHARACTERS) throw new SyntaxError('Label cannot exceed 40 characters');
  const [invalid] = NOT_IN_LABEL.exec(label) ?? [];
  if (invalid !== undefined) throw new SyntaxError(`Label contains invalid character: '${invalid}'`);
  return label;
}

/** The names of a map run: the same whenever it is replayed. Without a Label the state has one of its own. */
function nameMapRun(
  { scope, name, lastEvent }: StateRun,
  given: string | undefined,
  before: StartedMapRun | undefined,
): Pick<MapRunRequest, 'label' | 'mapRunArn' | 'redriveCount'> {
  const label = given ?? createRandom(`${scope.stateMachineArn} label ${name}`).uuid();
  if (before) return { label, mapRunArn: before.mapRunArn, redriveCount: before.redriveCount + 1 };
  const uuid = createRandom(`${scope.executionArn}#${lastEvent.id} map run`).uuid();
  const mapRunArn = `${scope.stateMachineArn.replace(':stateMachine:', ':mapRun:')}/${label}:${uuid}`;
  return { label, mapRunArn, redriveCount: 0 };
}

function selectWith(run: StateRun, selector: Template | undefined, mapRunArn: string): MapRunRequest['select'] {
  if (!selector) return (item) => item;
  return (item, index, source) =>
    run.evaluateItem(
      selector,
      { Map: { Item: { Index: index, Value: item, Source: source } } },
      `${mapRunArn} ${index}`,
    );
}
