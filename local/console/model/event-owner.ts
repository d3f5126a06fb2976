import type { ApiEvent, EventDetails } from './events.ts';
import type { Step } from './steps.ts';

const EXITED = /StateExited$/;
const ABORTED = /^(\w+)StateAborted$/;
const ROUND = /^(Parallel|Map)State(Started|Succeeded|Failed)$/;

export const ITERATION = /^MapIteration(Started|Succeeded|Failed|Aborted)$/;

/** What was read before an event. */
interface Known {
  readonly stepOf: ReadonlyMap<number, Step>;
  /** Steps without an event that ended them, in the order in which they were entered. */
  readonly open: ReadonlySet<Step>;
}

/** The step that an event is about, seen from the step where it arose. */
export function findOwner(
  event: ApiEvent,
  details: EventDetails,
  step: Step | undefined,
  known: Known,
): Step | undefined {
  const { name, state } = details;
  const isOpen = (own: Step): boolean => own.name === (state ?? name) && known.open.has(own);
  const [, aborted] = ABORTED.exec(event.type) ?? [];
  if (aborted) return findAborted(aborted, step, known);
  if (event.type === 'EvaluationFailed') return findFailed(details, known) ?? step;
  if (EXITED.test(event.type) || ITERATION.test(event.type)) {
    // Items that are aborted follow from a failure elsewhere.
    return climb(step, isOpen) ?? [...known.open].find(isOpen) ?? step;
  }
  const [, container] = ROUND.exec(event.type) ?? [];
  if (!container || (step?.type === container && event.previousEventId === step.id)) return step;
  return climb(step, (own) => own.type === container && own.attempts.at(-1)?.outcome === 'running') ?? step;
}

/** EvaluationFailed follows from no event; its cause names the one that entered the state. */
function findFailed({ state, cause = '' }: EventDetails, { stepOf, open }: Known): Step | undefined {
  const [, entered] = /\(entered at the event id #(\d+)\)/.exec(cause) ?? [];
  const step = stepOf.get(Number(entered));
  return step?.name === state ? step : [...open].findLast(({ name }) => name === state);
}

/**
 * Events of aborted states name no state. They come in the order in which the states were entered, so the first one
 * that is still open is meant, the nearest around the failure first.
 */
function findAborted(type: string, failed: Step | undefined, known: Known): Step | undefined {
  const candidates = [...known.open].filter((step) => step.type === type);
  const open = [...candidates.filter(isRunning), ...candidates];
  for (let near = failed; near; near = near.parent) {
    const { parent, iteration } = near;
    const found = open.find((step) => isInside(step, parent, iteration));
    if (found) return found;
  }
  return open[0] ?? failed;
}

export function isRunning({ status }: Step): boolean {
  return status === 'running';
}

/** Whether a step is inside of another, and there in one item, where that is given. */
export function isInside(step: Step, parent: Step | undefined, iteration?: number): boolean {
  for (let at: Step | undefined = step; at; at = at.parent) {
    if (at.parent === parent && (iteration === undefined || at.iteration === iteration)) return true;
  }
  return false;
}

function climb(step: Step | undefined, matches: (step: Step) => boolean): Step | undefined {
  for (let at = step; at; at = at.parent) if (matches(at)) return at;
  return undefined;
}
