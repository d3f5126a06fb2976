import ExpandableSection from '@cloudscape-design/components/expandable-section';
import { parse, readPath } from '../../model/facts.ts';
import { groupTrials, type Trial } from '../../model/failure.ts';
import { count, formatClock, formatDuration } from '../../model/format.ts';
import type { Step } from '../../model/steps.ts';
import { settings } from '../settings.ts';
import { selectStep } from './selection.ts';

/** More than these are cut: the last ones tell the most. */
const MOST = 50;

/** What was tried: attempts that failed alike in one line, and what came of them. */
export function Trials({ trials }: { trials: readonly Trial[] }) {
  const groups = groupTrials(trials);
  const shown = groups.slice(-MOST);
  return (
    <ExpandableSection
      headerText={`What was tried: ${count(trials.length, 'failed attempt')}`}
      defaultExpanded
      variant="footer"
    >
      <ol className="trials" start={groups.length - shown.length + 1}>
        {shown.map((group) => (
          <TrialGroup key={group[0]?.attempt.startEvent} group={group} />
        ))}
      </ol>
    </ExpandableSection>
  );
}

function TrialGroup({ group }: { group: readonly Trial[] }) {
  const last = group.at(-1) as Trial;
  const { step, attempt, cause, then } = last;
  const waits = group.flatMap((trial) => (trial.then.kind === 'retried' ? [formatDuration(trial.then.afterMs)] : []));
  return (
    <li>
      <button type="button" className="text-link" onClick={() => selectStep(step)}>
        {step.name}
      </button>{' '}
      {attempt.inside && <Inside step={attempt.inside} />}
      {labelOf(attempt.parameters)} at {formatClock(group[0]?.attempt.startedAt ?? attempt.startedAt)}:{' '}
      <strong>{attempt.error ?? 'failed'}</strong>
      {group.length > 1 && ` ${group.length} times`}
      {cause.message && ` (${cut(cause.message)})`}
      {waits.length > 0 && <em> → retried after {waits.join(', ')}</em>}
      {then.kind !== 'retried' && <em> → {wordThen(then)}</em>}
    </li>
  );
}

/** Where inside of a Parallel or Map it failed. */
function Inside({ step }: { step: Step }) {
  return (
    <>
      in{' '}
      <button type="button" className="text-link" onClick={() => selectStep(step)}>
        {step.name}
        {step.iteration === undefined ? '' : `, item ${step.iteration}`}
      </button>{' '}
    </>
  );
}

function wordThen(then: Exclude<Trial['then'], { kind: 'retried' }>): string {
  switch (then.kind) {
    case 'waiting':
      return `is retried ${then.hasJitter ? 'within' : 'after'} ${then.seconds} s`;
    case 'caught':
      return `caught, on to ${then.next ?? 'the end'}${then.comment ? ` (${then.comment})` : ''}`;
    case 'ended':
      return 'not handled';
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
