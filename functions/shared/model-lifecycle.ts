import type { FoundationModelLifecycle } from '@aws-sdk/client-bedrock';
import { END_OF_LIFE_WARNING_DAYS } from './models.ts';

/**
 * One sentence when Bedrock says that a model is legacy or ends within 90 days of `now` (ms since the epoch); undefined
 * while there is nothing to do. `lifecycle` is that of GetFoundationModel, and differs between Regions.
 */
export function lifecycleFinding(lifecycle: FoundationModelLifecycle, now: number): string | undefined {
  const { status, legacyTime, endOfLifeTime } = lifecycle;
  const isNearEnd = endOfLifeTime && endOfLifeTime.getTime() - now <= END_OF_LIFE_WARNING_DAYS * 86_400_000;
  if (status !== 'LEGACY' && !isNearEnd) return undefined;
  const state = status === 'LEGACY' ? `legacy${legacyTime ? ` since ${day(legacyTime)}` : ''}` : 'active';
  if (!endOfLifeTime) return `${state}, its end of life not yet announced`;
  return `${state}, ${endOfLifeTime.getTime() <= now ? 'reached' : 'reaches'} its end of life on ${day(endOfLifeTime)}`;
}

/** In UTC, as `2026-10-16`. */
export function day(time: Date): string {
  return time.toISOString().slice(0, 10);
}
