import type { AbortableType, StateType } from '../../history/events.ts';
import type { Branch, Outcome, Process } from '../effects.ts';
import { STATES_ERRORS, StateFailure } from '../errors.ts';
import type { StateRun } from '../state-run.ts';

const ABORTABLE: ReadonlySet<StateType> = new Set<AbortableType>(['Task', 'Wait', 'Parallel', 'Map']);

/**
 * Runs children until all have ended: `first`, and those that `succeeded` or `failed` returns to be started after them.
 * Both are called with the branch's last event being the child's. Throws the failure that one of them throws, when the
 * children that are left have been aborted.
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
      if (error instanceof StateFailure && error.error !== STATES_ERRORS.runtime) yield* abortChildren(run);
      throw error;
    }
    for (const started of start) children.set(started.index, started);
  }
}

function failureOf(outcome: Outcome): StateFailure {
  return 'error' in outcome ? new StateFailure(outcome.error, outcome.cause) : new StateFailure(undefined);
}

async function* abortChildren(run: StateRun): Process<void> {
  for (const child of run.branch.children) recordAborted(run, child);
  yield { cut: true };
}

/** Records that a branch was ended by force, and what it was doing: the outermost first, all pointing to the reason. */
function recordAborted(run: StateRun, branch: Branch): void {
  const { mapName, index } = branch;
  if (mapName !== undefined) run.recordAside('MapIterationAborted', { name: mapName, index });
  recordOpenStateAborted(run, branch);
}

/** Records that the state that a branch was in was ended by force. */
export function recordOpenStateAborted(run: StateRun, branch: Branch): void {
  const { openState, children } = branch;
  if (openState && ABORTABLE.has(openState)) run.recordAside(`${openState as AbortableType}StateAborted`, undefined);
  for (const child of children) recordAborted(run, child);
}
