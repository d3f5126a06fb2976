import type { AbortableType, StateType } from '../../history/events.ts';
import type { Branch, Outcome, Process } from '../effects.ts';
import { STATES_ERRORS } from '../error-names.ts';
import { StateFailure } from '../errors.ts';
import type { StateRun } from '../state-run.ts';

const ABORTABLE: ReadonlySet<StateType> = new Set<AbortableType>(['Task', 'Wait', 'Parallel', 'Map']);

/** What the ends of children mean; the branch's last event is that of the child. */
export interface ChildEnds {
  succeeded(child: Branch): void;
  /** Throws when the failure, or one for it, is the state's own. */
  failed(failure: StateFailure): void;
  /** The children to start after one has ended; without it there are none. */
  following?(child: Branch): Process<readonly Branch[]>;
}

/**
 * Runs children until all have ended: `first`, and those that follow. Throws the failure that one of the callbacks
 * throws, when it is recorded how that ended the children that are left.
 */
export function* runChildren(run: StateRun, first: readonly Branch[], ends: ChildEnds): Process<void> {
  const children = new Map(first.map((child) => [child.index, child]));
  let start = first;
  while (children.size > 0) {
    const outcome = yield { start };
    const child = children.get(outcome.id);
    if (!child) throw new Error(`There is no child ${outcome.id}`);
    children.delete(outcome.id);
    run.branch.lastEvent = child.lastEvent;
    let unrecorded: Branch | undefined;
    try {
      if (outcome.kind === 'succeeded') ends.succeeded(child);
      else {
        unrecorded = child;
        ends.failed(failureOf(outcome));
        recordEnd(run, child, 'Failed');
        unrecorded = undefined;
      }
      start = ends.following ? yield* ends.following(child) : [];
    } catch (error) {
      if (!(error instanceof StateFailure) || error.error === STATES_ERRORS.runtime) throw error;
      recordEnds(run, unrecorded);
      yield { cut: true };
      throw error;
    }
    for (const started of start) children.set(started.index, started);
  }
}

export function failureOf(outcome: Outcome): StateFailure {
  return 'error' in outcome ? new StateFailure(outcome.error, outcome.cause) : new StateFailure(undefined);
}

/** Records how a failure ends the children that are left, and the one that failed, in their order. */
function recordEnds(run: StateRun, failed: Branch | undefined): void {
  const children = [...run.branch.children, ...(failed ? [failed] : [])].sort((a, b) => a.index - b.index);
  for (const child of children) recordEnd(run, child, child === failed ? 'Failed' : 'Aborted');
}

/** Records how a child ended, and what it was doing: the outermost first, all pointing to the branch's last event. */
function recordEnd(run: StateRun, child: Branch, how: 'Failed' | 'Aborted'): void {
  const { mapName, index, openState } = child;
  if (mapName !== undefined) run.recordAside(`MapIteration${how}`, { name: mapName, index });
  if (openState && ABORTABLE.has(openState)) run.recordAside(`${openState as AbortableType}StateAborted`, undefined);
  for (const inner of child.children) recordEnd(run, inner, 'Aborted');
}
