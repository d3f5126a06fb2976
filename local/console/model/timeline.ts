import { isFailed } from './attempts.ts';
import type { Run, Step, StepStatus } from './steps.ts';
import { isSelected, type Selection } from './view.ts';

/** A part of a step's time. */
export interface Segment {
  /** `wait` is the time between two attempts. */
  readonly kind: 'attempt' | 'wait' | 'state';
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly status: StepStatus;
  readonly title: string;
}

export interface TimelineRow {
  readonly step: Step;
  /** How many states it is inside of. */
  readonly depth: number;
  readonly segments: readonly Segment[];
}

/** Each step as bars in time, in the order in which they were entered; `now` ends what still runs. */
export function timelineOf({ steps }: Run, selection: Selection, now: number): TimelineRow[] {
  return steps
    .filter((step) => isSelected(step, selection))
    .map((step) => ({ step, depth: depthOf(step), segments: segmentsOf(step, now) }));
}

function segmentsOf(step: Step, now: number): Segment[] {
  const { attempts, enteredAt, exitedAt = now, status, type } = step;
  if (attempts.length === 0) return [{ kind: 'state', from: enteredAt, to: exitedAt, status, title: type }];
  const segments: Segment[] = [];
  let before: number | undefined;
  for (const { number, startedAt, endedAt = now, outcome, error } of attempts) {
    if (before !== undefined && startedAt > before) {
      segments.push({ kind: 'wait', from: before, to: startedAt, status: 'aborted', title: 'Waited for the retry' });
    }
    const title = `Attempt ${number}${error === undefined ? '' : `: ${error}`}`;
    segments.push({ kind: 'attempt', from: startedAt, to: endedAt, status: outcome, title });
    before = endedAt;
  }
  const last = attempts.at(-1);
  if (status === 'running' && last && isFailed(last.outcome) && before !== undefined) {
    segments.push({ kind: 'wait', from: before, to: now, status: 'running', title: 'Waits for the retry' });
  }
  return segments;
}

function depthOf({ parent }: Step): number {
  return parent ? depthOf(parent) + 1 : 0;
}

/** Round numbers of milliseconds to mark on a scale that is this long, about as many as asked for. */
export function scaleMarks(length: number, most: number): number[] {
  const rough = Math.max(1, length / most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? 10 * power;
  return Array.from({ length: Math.floor(length / step) + 1 }, (_, index) => index * step);
}
