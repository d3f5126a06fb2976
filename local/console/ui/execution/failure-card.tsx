import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { adviseOn } from '../../model/advice.ts';
import type { Failure, Origin } from '../../model/failure.ts';
import type { Step } from '../../model/steps.ts';
import { StartDialog } from '../machines/start-dialog.tsx';
import { paths } from '../router.ts';
import { settings } from '../settings.ts';
import { CauseText } from '../shared/cause-text.tsx';
import { JsonView } from '../shared/json-view.tsx';
import { PageLink } from '../shared/link.tsx';
import { selectStep } from './selection.ts';
import { Trials } from './trials.tsx';
import type { Execution } from './use-execution.ts';

const ENDS: Readonly<Record<string, string>> = { FAILED: 'failed', TIMED_OUT: 'timed out', ABORTED: 'was stopped' };

/** Why the execution ended badly: the question that people open the page for. */
export function FailureCard({ execution, failure }: { execution: Execution; failure: Failure }) {
  const { error, origin, endedIn, cause, trials } = failure;
  const { status } = execution.execution;
  const isKnown = origin !== undefined && settings.advice.states.includes(origin.step.name);
  const advice = adviseOn(error, isKnown ? settings.advice.errors : []);
  const own = origin?.cause.message ? origin.cause : cause;
  return (
    <Alert
      type={status === 'ABORTED' ? 'warning' : 'error'}
      header={headline(status, error, origin)}
      action={origin && <Button onClick={() => selectStep(origin.step)}>Show {origin.step.name}</Button>}
    >
      <SpaceBetween size="s">
        <CauseText cause={own} />
        {origin && <Elsewhere origin={origin} />}
        {endedIn && (
          <EndedIn name={endedIn.name} cause={cause.message} told={[own.message, `${error}: ${own.message}`]} />
        )}
        {advice && (
          <div>
            <strong>What to do:</strong> {advice}
          </div>
        )}
        {settings.allowWrites && <StartAgain execution={execution} failure={failure} />}
        {!isTold(failure) && <Trials trials={trials} />}
        {origin && (
          <ExpandableSection headerText={`Input of ${origin.step.name}`} variant="footer">
            <JsonView text={origin.attempt?.parameters ?? origin.step.input} label={`Input of ${origin.step.name}`} />
          </ExpandableSection>
        )}
      </SpaceBetween>
    </Alert>
  );
}

/** Whether what was tried is no more than what the card says already. */
function isTold({ origin, trials }: Failure): boolean {
  return trials.every(({ attempt, then }) => attempt === origin?.attempt && then.kind === 'ended');
}

/** Where the failed executions are that this one waited for. */
function Elsewhere({ origin: { step, attempt } }: { origin: Origin }) {
  const { mapRunArn } = step;
  if (mapRunArn !== undefined) {
    return <PageLink href={paths.mapRun(mapRunArn, { status: 'FAILED' })}>Its failed child executions</PageLink>;
  }
  return attempt?.executionArn === undefined ? null : (
    <PageLink href={paths.execution(attempt.executionArn)}>The execution that it started</PageLink>
  );
}

/** Offers to start anew, where a redrive does not help, and says why it does not. */
function StartAgain({ execution, failure }: { execution: Execution; failure: Failure }) {
  const [isStarting, setIsStarting] = useState(false);
  const { redriveStatus, redriveStatusReason, input } = execution.execution;
  const fails = failState(failure);
  if (redriveStatus === 'REDRIVABLE' && !fails) return null;
  const why =
    redriveStatus === 'REDRIVABLE_BY_MAP_RUN'
      ? 'It is a child of a map run, which redrives it with the others.'
      : fails
        ? `A redrive would go on in ${fails.name}, a Fail state, and fail again at once.`
        : `It cannot be redriven: ${redriveStatusReason ?? 'Step Functions gives no reason'}.`;
  return (
    <div>
      {why}{' '}
      {execution.execution.mapRunArn === undefined && (
        <Button variant="inline-link" onClick={() => setIsStarting(true)}>
          Start again with the same input
        </Button>
      )}
      {isStarting && (
        <StartDialog
          stateMachineArn={execution.machine.stateMachineArn}
          input={input}
          onClose={() => setIsStarting(false)}
        />
      )}
    </div>
  );
}

/** The Fail state that ended the execution. */
export function failState({ endedIn, origin }: Failure): Step | undefined {
  return endedIn ?? (origin?.step.type === 'Fail' ? origin.step : undefined);
}

function headline(status: string, error: string | undefined, origin: Origin | undefined): string {
  const what = `The execution ${ENDS[status] ?? status}${error === undefined ? '' : `: ${error}`}`;
  if (!origin) return what;
  const { step, attempt, number, of, isCovered } = origin;
  const where = `${what}, in ${step.name}`;
  // No Retry could cover it.
  if (status !== 'FAILED' || !attempt || error === 'States.Runtime') return where;
  return isCovered ? `${where}, attempt ${number} of ${of}` : `${where}, attempt ${number}: no Retry covers this error`;
}

/** The Fail state that reported the failure, and how it worded it, unless that was told already. */
function EndedIn({ name, cause, told }: { name: string; cause: string; told: readonly string[] }) {
  return (
    <Box>
      Ended in {name}
      {cause && !told.includes(cause) ? `: ${cause}` : ''}
    </Box>
  );
}
