import type { MapRunRequest } from '../asl/map-run.ts';
import type { MapRunRecord } from '../store/store.ts';
import { MapRun } from './map-run.ts';
import type { MapRunContext, MapRunEnd, MapRunLimits, MapRunParent } from './map-run-context.ts';

export interface MapRuns {
  /** Runs a map run to its end, and its children with it; the signal aborts both. */
  run(parent: MapRunParent, request: MapRunRequest, signal: AbortSignal): Promise<MapRunEnd>;
  /** Changes the limits of a map run; false when it does not run. */
  update(mapRunArn: string, limits: MapRunLimits): boolean;
  /** Resolves when the map runs of an execution have ended; undefined where none is left. */
  finished(executionArn: string): Promise<unknown> | undefined;
  /** What a map run gave its state, if it succeeded. */
  resultOf(mapRunArn: string): string | undefined;
  /** Ends the map runs whose executions had ended when an earlier process was cut off. */
  abortOrphans(): void;
}

export function createMapRuns(context: MapRunContext): MapRuns {
  const { store } = context;
  const running = new Map<string, { readonly mapRun: MapRun; readonly end: Promise<MapRunEnd> }>();
  const ends = new Map<string, Set<Promise<MapRunEnd>>>();

  return {
    async run(parent, request, signal) {
      const { mapRunArn, redriveCount } = request;
      const { executionArn } = parent.execution;
      const earlier = running.get(mapRunArn);
      if (earlier) await earlier.end; // it may still stop its children when it is redriven
      const before = store.mapRuns.get(mapRunArn);
      const isRedriven = redriveCount > (before?.redriveCount ?? 0);
      if (before && before.status !== 'RUNNING' && !isRedriven) return endOf(before);
      const mapRun = new MapRun(context, parent, request, before);
      const end = mapRun.run(signal);
      running.set(mapRunArn, { mapRun, end });
      const siblings = ends.get(executionArn) ?? new Set();
      ends.set(executionArn, siblings.add(end));
      try {
        return await end;
      } finally {
        running.delete(mapRunArn);
        siblings.delete(end);
        if (siblings.size === 0) ends.delete(executionArn);
      }
    },
    update(mapRunArn, limits) {
      const found = running.get(mapRunArn);
      found?.mapRun.update(limits);
      return found !== undefined;
    },
    finished(executionArn) {
      const running = ends.get(executionArn);
      return running && Promise.all(running);
    },
    resultOf: (mapRunArn) => store.mapRuns.get(mapRunArn)?.result,
    abortOrphans() {
      for (const mapRun of store.mapRuns.list()) {
        const parent = store.getExecution(mapRun.executionArn);
        if (mapRun.status !== 'RUNNING' || parent?.status === 'RUNNING') continue;
        store.mapRuns.put({ ...mapRun, status: 'ABORTED', stopDate: parent?.stopDate ?? mapRun.startDate });
        for (const child of store.listExecutions(mapRun.childMachineArn)) {
          if (child.mapRunArn === mapRun.mapRunArn) void context.stop(child.executionArn, {});
        }
      }
    },
  };
}

/** The end of a map run that ended in an earlier process. */
function endOf({ result, error, cause, stopDate = 0 }: MapRunRecord): MapRunEnd {
  const outcome =
    result === undefined ? ({ kind: 'failed', error, cause } as const) : ({ kind: 'succeeded', result } as const);
  return { outcome, time: stopDate };
}
