import type { HistoryEvent, StateType } from '../history/events.ts';
import { STATES_ERRORS } from './error-names.ts';
import { type Json, setKey } from './json.ts';

/** Where a line of states stood when its execution ended: at a state that was entered and not left. */
export interface Standing {
  readonly entered: HistoryEvent<`${StateType}StateEntered`>;
  readonly variables: Readonly<Record<string, Json>>;
  readonly children: ChildStandings;
  /** Of a Map state in distributed mode whose map run has not succeeded. */
  readonly mapRun: StartedMapRun | undefined;
}

/** A map run, and how often it was redriven. */
export interface StartedMapRun {
  readonly mapRunArn: string;
  readonly redriveCount: number;
}

/** The children of a Parallel or Map state that had begun: what those that had ended put out, where others stood. */
export type ChildStandings = ReadonlyMap<number, { readonly output: Json } | { readonly standing: Standing }>;

/** How an execution goes on that had ended without success. */
export interface Redrive {
  /** 1 for the first. */
  readonly count: number;
  /** When the execution was started, in milliseconds since the epoch. */
  readonly startTime: number;
  /** The event that ended the execution. */
  readonly previousEventId: number;
  readonly standing: Standing;
}

/** "The Parallel state is rerun, including the branches that were successful" (developer guide, "Redriving executions"). */
const RERUN_WHOLE: ReadonlySet<string> = new Set([STATES_ERRORS.dataLimitExceeded, STATES_ERRORS.runtime]);

/** Plans the redrive of an execution from all events that it has. Throws an Error on a history that does not end. */
export function planRedrive(events: readonly HistoryEvent[]): Redrive {
  const lines = new Lines(events);
  for (const event of events) lines.follow(event);
  const [started, end] = [events[0], events.at(-1)];
  const root = standingOf(lines.root);
  if (!started || !end || !root) throw new Error('The history shows no state to go on from');
  const error = end.type === 'ExecutionFailed' ? (end as HistoryEvent<'ExecutionFailed'>).details.error : undefined;
  return {
    count: events.filter(({ type }) => type === 'ExecutionRedriven').length + 1,
    startTime: started.timestamp,
    previousEventId: end.id,
    standing:
      error !== undefined && RERUN_WHOLE.has(error) ? { ...root, children: new Map(), mapRun: undefined } : root,
  };
}

/** A line of states: the execution's own, a branch of a Parallel state or an iteration of a Map state. */
interface Line {
  readonly parent: Line | undefined;
  variables: Readonly<Record<string, Json>>;
  /** Of the state that is entered. */
  entered: HistoryEvent<`${StateType}StateEntered`> | undefined;
  /** Whether that state is one of children and has failed. */
  hasFailed: boolean;
  children: Map<number, Line>;
  mapRun: StartedMapRun | undefined;
  /** What the last state left, as JSON text. */
  output: string | undefined;
}

/** What is true of a line that enters a state, or leaves it. */
const NOTHING_UNDER_WAY = { hasFailed: false, mapRun: undefined };

function createLine(parent: Line | undefined): Line {
  const variables = parent?.variables ?? {};
  return { parent, variables, ...NOTHING_UNDER_WAY, entered: undefined, children: new Map(), output: undefined };
}

function standingOf({ entered, variables, children, mapRun }: Line): Standing | undefined {
  if (!entered) return undefined;
  const standings: [number, { output: Json } | { standing: Standing }][] = [];
  for (const [index, child] of children) {
    const standing = standingOf(child);
    if (standing) standings.push([index, { standing }]);
    else if (child.output !== undefined) standings.push([index, { output: JSON.parse(child.output) as Json }]);
  }
  return { entered, variables, children: new Map(standings), mapRun };
}

type Details = Readonly<Record<string, unknown>> & { readonly name: string; readonly index: number };

/** Tells which line of states each event belongs to, by the event before it. */
class Lines {
  readonly root = createLine(undefined);
  readonly #events: readonly HistoryEvent[];
  readonly #byEvent = new Map<number, Line>([[0, this.root]]);

  constructor(events: readonly HistoryEvent[]) {
    this.#events = events;
  }

  follow(event: HistoryEvent): void {
    if (event.type === 'ExecutionRedriven') reopen(this.root);
    const line = this.#apply(event, this.#byEvent.get(event.previousEventId), (event.details ?? {}) as Details);
    if (line) this.#byEvent.set(event.id, line);
  }

  /** Returns the line of the event; undefined where no other event follows from it. */
  #apply(event: HistoryEvent, previous: Line | undefined, details: Details): Line | undefined {
    const [, type, what] = /^([A-Z][a-z]+)(State[A-Z]\w+|Iteration\w+)$/.exec(event.type) ?? [];
    const isAt = ({ entered, hasFailed }: Line): boolean => entered?.type === `${type}StateEntered` && !hasFailed;
    switch (what ?? event.type) {
      case 'StateEntered':
        return enter(event as HistoryEvent<`${StateType}StateEntered`>, this.#begun(event, previous));
      case 'StateExited':
        return leave(
          outward(previous, ({ entered }) => entered?.details.name === details.name),
          details,
        );
      case 'StateStarted':
      case 'StateSucceeded':
      case 'StateFailed': {
        const line = outward(previous, isAt);
        if (line && what === 'StateStarted') line.children = new Map();
        if (line && what === 'StateFailed') line.hasFailed = true;
        return line;
      }
      case 'MapRunStarted':
      case 'MapRunRedriven': {
        const { mapRunArn, redriveCount = 0 } = event.details as HistoryEvent<'MapRunRedriven'>['details'];
        if (previous) previous.mapRun = { mapRunArn, redriveCount };
        return previous;
      }
      case 'MapRunSucceeded':
      case 'MapRunFailed':
        if (previous && !isRedriven(event)) previous.mapRun = undefined;
        return previous;
      case 'IterationStarted': {
        const parent = outward(previous, (line) => isAt(line) && line.entered?.details.name === details.name);
        const child = createLine(parent);
        parent?.children.set(details.index, child);
        return child;
      }
      case 'IterationSucceeded':
        return outward(previous, (line) => isAt(line) && line.entered?.details.name === details.name);
      case 'EvaluationFailed':
        return [...(previous ? [previous, ...previous.children.values()] : [])].find(
          ({ entered }) =>
            entered?.previousEventId === event.previousEventId && entered.details.name === details['state'],
        );
      case 'StateAborted':
      case 'IterationFailed':
      case 'IterationAborted':
        return undefined;
      default:
        return previous;
    }
  }

  /** The line whose state an event enters: a branch of a Parallel state begins with its first. */
  #begun({ previousEventId }: HistoryEvent, previous: Line | undefined): Line | undefined {
    if (!previous || this.#events[previousEventId - 1]?.type !== 'ParallelStateStarted') return previous;
    const branch = createLine(previous);
    previous.children.set(previous.children.size, branch);
    return branch;
  }
}

/**
 * "A new Map Run is started and the existing Map Run isn't redriven": where it failed by the size of its result, or of an
 * expression (developer guide, "Redriving Map Runs"). So it is where it has nothing left to do.
 */
function isRedriven({ type, details }: HistoryEvent): boolean {
  const { error = '' } = (details ?? {}) as { readonly error?: string };
  return type === 'MapRunFailed' && !RERUN_WHOLE.has(error);
}

function enter(event: HistoryEvent<`${StateType}StateEntered`>, line: Line | undefined): Line | undefined {
  return line && Object.assign(line, { ...NOTHING_UNDER_WAY, entered: event, children: new Map() });
}

function leave(line: Line | undefined, { output, assignedVariables }: Details): Line | undefined {
  if (!line) return undefined;
  const variables = { ...line.variables };
  for (const [name, text] of Object.entries((assignedVariables ?? {}) as Record<string, string>)) {
    setKey(variables, name, JSON.parse(text) as Json);
  }
  return Object.assign(line, { ...NOTHING_UNDER_WAY, variables, output, entered: undefined, children: new Map() });
}

/** The line itself or the nearest one around it that the predicate takes. */
function outward(line: Line | undefined, isWanted: (line: Line) => boolean): Line | undefined {
  let found = line;
  while (found && !isWanted(found)) found = found.parent;
  return found;
}

function reopen(line: Line): void {
  line.hasFailed = false;
  for (const child of line.children.values()) reopen(child);
}
