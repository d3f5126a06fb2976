import ExpandableSection from '@cloudscape-design/components/expandable-section';
import { planAttempts } from '../../model/attempts.ts';
import { readCause } from '../../model/cause.ts';
import { formatClock, formatDuration } from '../../model/format.ts';
import type { Attempt, Step } from '../../model/steps.ts';
import { CauseText } from '../shared/cause-text.tsx';
import { JsonView } from '../shared/json-view.tsx';
import { StepStatusIndicator } from '../shared/status.tsx';
import { labelOf } from './trials.tsx';
import type { Execution } from './use-execution.ts';

/** More than these are cut. */
const MOST = 100;

/** Each attempt of a step: what it was called with, what it gave, and what its failure led to. */
export function AttemptsList({ execution, step }: { execution: Execution; step: Step }) {
  const plans = planAttempts(step, execution.states.get(step.name)?.Retry);
  return (
    <>
      {step.attempts.slice(0, MOST).map((attempt, index) => (
        <AttemptItem
          key={attempt.startEvent}
          attempt={attempt}
          note={note(attempt, step.attempts[index + 1], plans[index]?.retry?.retrier)}
        />
      ))}
    </>
  );
}

function note({ endedAt = 0, redrive }: Attempt, next: Attempt | undefined, retrier: number | undefined): string {
  if (!next) return '';
  if (next.redrive !== redrive) return 'The execution was redriven.';
  const by = retrier === undefined ? '' : ` by Retry[${retrier}]`;
  return `Retried after ${formatDuration(next.startedAt - endedAt)}${by}.`;
}

function AttemptItem({ attempt, note }: { attempt: Attempt; note: string }) {
  const { number, outcome, error, cause, location, startedAt, endedAt, parameters, result } = attempt;
  const duration = endedAt === undefined ? '' : `, ${formatDuration(endedAt - startedAt)}`;
  return (
    <ExpandableSection
      headerText={
        <>
          Attempt {number} <StepStatusIndicator status={outcome} />
        </>
      }
      headingTagOverride="h4"
      variant="default"
      defaultExpanded={error !== undefined}
    >
      <div className="muted">
        {formatClock(startedAt)}
        {duration} {labelOf(parameters)}
      </div>
      {error !== undefined && (
        <p>
          <strong className="error-text">{error}</strong>
          {location !== undefined && ` in ${location}`}
        </p>
      )}
      {cause !== undefined && <CauseText cause={readCause(cause)} />}
      {note && <p>{note}</p>}
      {parameters !== undefined && (
        <ExpandableSection headerText="Called with">
          <JsonView text={parameters} label={`What attempt ${number} was called with`} />
        </ExpandableSection>
      )}
      {result !== undefined && (
        <ExpandableSection headerText="Result">
          <JsonView text={result} label={`Result of attempt ${number}`} />
        </ExpandableSection>
      )}
    </ExpandableSection>
  );
}
