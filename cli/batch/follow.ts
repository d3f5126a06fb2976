import {
  DescribeExecutionCommand,
  DescribeMapRunCommand,
  type DescribeMapRunCommandOutput,
  ListMapRunsCommand,
  type SFNClient,
  UpdateMapRunCommand,
} from '@aws-sdk/client-sfn';
import { MOST_CONCURRENCY } from '../simulation/plan-concurrency.ts';
import { createConcurrencyControl } from './concurrency.ts';
import { isRedrivable } from './executions.ts';
import type { BatchCounts, BatchProgress } from './progress.ts';
import type { BatchTarget } from './target.ts';

export interface FollowOptions {
  readonly progress: BatchProgress;
  /** Of the run; a map run knows its items only when it has read them all. */
  readonly items: number;
  /** Most prompts at a time. */
  readonly mostConcurrency?: number | undefined;
  readonly plannedUsdEach: number | undefined;
  /** Aborted, it ends the following and not the run. */
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** Resolves after `ms` milliseconds, or sooner when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** How a run ended; `status` is RUNNING when it was left to itself. */
export interface RunEnd {
  readonly status: string;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  /** Undefined where there was no map run. */
  readonly mapRunArn: string | undefined;
  /** How often the map run was redriven. */
  readonly redriveCount: number;
  /** Whether RedriveExecution goes on with it. */
  readonly isRedrivable: boolean;
  /** Whether it was stopped because the account's tokens of the day are used up. */
  readonly isDayOver: boolean;
}

/**
 * Follows a run to its end and tells of its progress. Lowers its concurrency while calls are throttled and raises it when
 * they are not; stops it when the day's quota is gone. Throws what the SDK throws.
 */
export async function followRun(target: BatchTarget, executionArn: string, options: FollowOptions): Promise<RunEnd> {
  const { sfn } = target;
  const watch = createWatch(target, options);
  const { firstMs, mostMs } = target.poll;
  let mapRunArn: string | undefined;
  for (let pause = firstMs; ; pause = Math.min(2 * pause, mostMs)) {
    const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    const { status = '', error, cause } = execution;
    mapRunArn ??= await findMapRun(sfn, executionArn);
    if (mapRunArn !== undefined) await watch.look(mapRunArn);
    if (status !== 'RUNNING' || options.signal.aborted) {
      options.progress.end();
      const { isDayOver, redriveCount } = watch;
      return { status, error, cause, mapRunArn, redriveCount, isRedrivable: isRedrivable(execution), isDayOver };
    }
    await options.sleep(pause, options.signal);
  }
}

/** The map run of an execution of the batch machine, which has one; undefined while it has none. */
async function findMapRun(sfn: SFNClient, executionArn: string): Promise<string | undefined> {
  const { mapRuns } = await sfn.send(new ListMapRunsCommand({ executionArn }));
  return mapRuns?.[0]?.mapRunArn;
}

function createWatch({ sfn, readPulse }: BatchTarget, options: FollowOptions) {
  const { progress, items, plannedUsdEach, now, mostConcurrency = MOST_CONCURRENCY } = options;
  let control: ReturnType<typeof createConcurrencyControl> | undefined;
  let throttledBefore = 0;
  let redriveCount = 0;
  let isDayOver = false;
  return {
    get redriveCount() {
      return redriveCount;
    },
    get isDayOver() {
      return isDayOver;
    },
    async look(mapRunArn: string): Promise<void> {
      const mapRun = await sfn.send(new DescribeMapRunCommand({ mapRunArn }));
      const counts = countsOf(mapRun);
      redriveCount = mapRun.redriveCount ?? 0;
      const pulse = await readPulse(mapRunArn, counts.failed);
      control ??= createConcurrencyControl(mapRun.maxConcurrency ?? 1, mostConcurrency, now());
      const before = control.concurrency;
      if (pulse.throttled !== undefined) {
        control.observe(pulse.throttled - throttledBefore, now());
        throttledBefore = pulse.throttled;
      }
      const { concurrency } = control;
      progress.show({ ...counts, total: Math.max(items, counts.total), pulse, concurrency, plannedUsdEach });
      if (mapRun.status !== 'RUNNING') return;
      if (pulse.isDayOver && !isDayOver) {
        isDayOver = true;
        // Both: one failure is over them, and what would only fail is not begun.
        await update(sfn, { mapRunArn, toleratedFailureCount: 0, toleratedFailurePercentage: 0, maxConcurrency: 1 });
      } else if (concurrency !== before) await update(sfn, { mapRunArn, maxConcurrency: concurrency });
    },
  };
}

/** A map run that has ended meanwhile cannot be updated, and need not be. */
async function update(sfn: SFNClient, limits: UpdateMapRunCommand['input']): Promise<void> {
  await sfn.send(new UpdateMapRunCommand(limits)).catch((error: Error) => {
    if (error.name !== 'ValidationException') throw error;
  });
}

function countsOf({ itemCounts }: DescribeMapRunCommandOutput): BatchCounts {
  const { total = 0, succeeded = 0, failed = 0, timedOut = 0, aborted = 0, running = 0 } = itemCounts ?? {};
  return { total, succeeded, failed: failed + timedOut + aborted, running };
}
