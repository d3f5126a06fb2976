import type { AbortableType, StateType } from '../../history/events.ts';
import type { Branch, Outcome, Process } from '../effects.ts';
import { STATES_ERRORS, StateFailure } from '../errors.ts';
import type { StateRun } from '../state-run.ts';

const ABORTABLE: ReadonlySet<StateType> = new Set<AbortableType>(['Task', 'Wait', 'Parallel', 'Map']);

/**
 * Runs children until all have ended: `first`, and those that `succeeded` or `failed` returns to be started after them.
 * Both are called with the branch's last event being the child's. Throws the failure that one of them throws, when it is
 * recorded how the children that are left were ended by it.
 */
export async function* runChildren(
  run: StateRun,
  first: readonly Branch[],
  succeeded: (child: Branch) => Promise<readonly Branch[]>,
  failed: (child: Branch, failure: StateFailure) => Promise<readonly Branch[]>,
): Process<void> {
  const children = new Map(first.map((child) => [child.index, child]));
  let start = first;
  while (children.size > 0) {
    const outcome = yield { start };
    const child = children.get(outcome.id);
    if (!child) throw new Error(`There is no child ${outcome.id}`);
    children.delete(outcome.id);
    run.branch.lastEvent = child.lastEvent;
    try {
      start = outcome.kind === 'succeeded' ? await succeeded(child) : await failed(child, failureOf(outcome));
    } catch (error) {
      if (!(error instanceof StateFailure) || error.error === STATES_ERRORS.runtime) throw error;
      recordEnds(run, outcome.kind === 'succeeded' ? undefined : child);
      yield { cut: true };
      throw error;
    }
    for (const started of start) children.set(started.index, started);
  }
}

function failureOf(outcome: Outcome): StateFailure {
  return 'error' in outcome ? new StateFailure(outcome.error, outcome.cause) : new StateFailure(undefined);
}

/** Records how a failure ends the children that are left, and the one that failed, in their order. */
function recordEnds(run: StateRun, failed: Branch | undefined): void {
  const children = [...run.branch.children, ...(failed ? [failed] : [])].sort((a, b) => a.index - b.index);
  for (const child of children) recordEnd(run, child, child === failed ? 'Failed' : 'Aborted');
}

/** Records how a child ended, and what it was doing: the outermost first, all pointing to the branch's last event. */
export function recordEnd(run: StateRun, child: Branch, how: 'Failed' | 'Aborted'): void {
  const { mapName, index, openState } = child;
  if (mapName !== undefined) run.recordAside(`MapIteration${how}`, { name: mapName, index });
  if (openState && ABORTABLE.has(openState)) run.recordAside(`${openState as AbortableType}StateAborted`, undefined);
  for (const inner of child.children) recordEnd(run, inner, 'Aborted');
}
