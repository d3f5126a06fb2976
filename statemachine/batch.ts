import batch from './batch.asl.json' with { type: 'json' };
import { type Definition, type ExecutionPolicy, readDefinition, withoutAnnouncements } from './definition.ts';

/** How long an EXPRESS execution may run (developer guide, "Choosing workflow type"). */
const MOST_EXPRESS_SECONDS = 300;

export type ChildType = 'STANDARD' | 'EXPRESS';

export interface BatchPolicy extends ExecutionPolicy {
  /** How many models a prompt may ask, one after the other. */
  models: number;
  /** What the execution of a prompt is. Default: EXPRESS where even the longest one fits, else STANDARD. */
  childType?: ChildType | undefined;
}

/**
 * What stands for the pipeline in batch.asl.json, and what its states are called there behind their own names: "State
 * names must be unique within the scope of the whole state machine" (developer guide, "Amazon States Language").
 */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  '${Pipeline}': '',
  '${PipelineOfRow}': 'OfRow',
  '${PipelineOfObject}': 'OfObject',
};

/**
 * Reads batch.asl.json with the states of the pipeline as each Map's ItemProcessor: those of pipeline.asl.json under the
 * policy, without announcements, as an event a prompt would cost more than the answer's tokens. Other `${...}`
 * placeholders stay. Throws a RangeError for a policy that is not allowed, or for EXPRESS children that may run too long.
 */
export function readBatchDefinition(policy: BatchPolicy): Definition {
  const pipeline = withoutAnnouncements(readDefinition(policy));
  const longest = longestRunSeconds(pipeline, policy.models);
  const childType = policy.childType ?? (longest <= MOST_EXPRESS_SECONDS ? 'EXPRESS' : 'STANDARD');
  if (childType === 'EXPRESS' && longest > MOST_EXPRESS_SECONDS) {
    const allowed = `at most ${MOST_EXPRESS_SECONDS}, or STANDARD`;
    throw new RangeError(`childType: found EXPRESS for runs of up to ${longest} seconds, allowed is ${allowed}`);
  }
  const ProcessorConfig = { Mode: 'DISTRIBUTED', ExecutionType: childType };
  const children = childType === 'EXPRESS' ? withDuration(pipeline) : pipeline;
  const text = JSON.stringify(batch, (_, value) => {
    const suffix = PLACEHOLDERS[value as string];
    return suffix === undefined ? value : { ProcessorConfig, ...withSuffix(children, suffix) };
  });
  return JSON.parse(text) as Definition;
}

/** Tells the functions that count an execution's cost by its state transitions how long it has taken, too. */
function withDuration(definition: Definition): Definition {
  const expressMs = '{% $millis() - $toMillis($states.context.Execution.StartTime) %}';
  const text = JSON.stringify(definition, (_, value) =>
    value?.stateTransitions === undefined ? value : { ...value, expressMs },
  );
  return JSON.parse(text) as Definition;
}

/** The states of a definition, each with the suffix behind its name wherever that stands. */
function withSuffix({ StartAt, States }: Definition, suffix: string): { StartAt: string; States: object } {
  const rename = (name: unknown): string => `${name}${suffix}`;
  const text = JSON.stringify(States, (key, value) => (key === 'Next' || key === 'Default' ? rename(value) : value));
  const states = Object.entries(JSON.parse(text) as object).map(([name, state]) => [rename(name), state]);
  return { StartAt: rename(StartAt), States: Object.fromEntries(states) };
}

interface Timed {
  TimeoutSeconds?: number;
  Retry?: { MaxAttempts?: number; IntervalSeconds?: number; BackoffRate?: number; MaxDelaySeconds?: number }[];
}

/** How long one prompt can take at the very most, in seconds: every attempt of every model runs into its timeout. */
export function longestRunSeconds({ States }: Definition, models: number): number {
  const longest = (name: string): number => longestTask(States[name] as Timed);
  const log = Math.max(longest('LogResponse'), longest('LogFailure'));
  return longest('ValidateInput') + models * longest('InvokeModel') + log;
}

/** AWS counts each retrier alone, so all of them may be used up. */
function longestTask({ TimeoutSeconds = 0, Retry = [] }: Timed): number {
  const seconds = Retry.map(({ MaxAttempts = 3, IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds }) => {
    let [sum, delay] = [0, IntervalSeconds];
    for (let retry = 0; retry < MaxAttempts && sum <= MOST_EXPRESS_SECONDS; retry += 1) {
      sum += TimeoutSeconds + Math.min(delay, MaxDelaySeconds ?? delay);
      delay *= BackoffRate;
    }
    return sum;
  });
  return TimeoutSeconds + seconds.reduce((sum, each) => sum + each, 0);
}
