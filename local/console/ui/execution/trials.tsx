import ExpandableSection from '@cloudscape-design/components/expandable-section';
import { parse, readPath } from '../../model/facts.ts';
import type { Trial } from '../../model/failure.ts';
import { count, formatClock, formatDuration } from '../../model/format.ts';
import { settings } from '../settings.ts';
import { selectStep } from './selection.ts';
import type { Execution } from './use-execution.ts';

/** More than these are cut: what was tried first and last tells enough. */
const MOST = 50;

/** What was tried, one failed attempt a line, and what came of each. */
export function Trials({ trials }: { execution: Execution; trials: readonly Trial[] }) {
  const shown = trials.slice(-MOST);
  const left = trials.length - shown.length;
  return (
    <ExpandableSection
      headerText={`What was tried: ${count(trials.length, 'failed attempt')}`}
      defaultExpanded
      variant="footer"
    >
      <ol className="trials" start={left + 1}>
        {shown.map((trial) => (
          <TrialLine key={`${trial.step.id} ${trial.attempt.number}`} trial={trial} />
        ))}
      </ol>
    </ExpandableSection>
  );
}

function TrialLine({ trial: { step, attempt, cause, then } }: { trial: Trial }) {
  return (
    <li>
      <button type="button" className="text-link" onClick={() => selectStep(step)}>
        {step.name}
      </button>{' '}
      {labelOf(attempt.parameters)} at {formatClock(attempt.endedAt ?? attempt.startedAt)}:{' '}
      <strong>{attempt.error ?? 'failed'}</strong>
      {cause.message && ` (${cut(cause.message)})`} <em>{wordThen(then)}</em>
    </li>
  );
}

function wordThen(then: Trial['then']): string {
  switch (then.kind) {
    case 'retried':
      return `→ retried after ${formatDuration(then.afterMs)}`;
    case 'waiting':
      return `→ is retried ${then.hasJitter ? 'within' : 'after'} ${then.seconds} s`;
    case 'caught':
      return `→ caught, on to ${then.next ?? 'the end'}${then.comment ? ` (${then.comment})` : ''}`;
    case 'ended':
      return '→ not handled';
  }
}

/** What tells one attempt from another, such as the model that was asked. */
export function labelOf(parameters: string | undefined): string {
  const value = parse(parameters);
  const label = settings.attemptLabels.map((path) => readPath(value, path)).find((found) => typeof found === 'string');
  return label === undefined ? '' : `[${label}]`;
}

const MOST_CHARACTERS = 200;

function cut(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
}
