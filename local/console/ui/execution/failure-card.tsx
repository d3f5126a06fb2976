import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { adviseOn } from '../../model/advice.ts';
import type { Cause } from '../../model/cause.ts';
import type { Failure, Origin } from '../../model/failure.ts';
import type { Step } from '../../model/steps.ts';
import { StartDialog } from '../machines/start-dialog.tsx';
import { settings } from '../settings.ts';
import { CauseText } from '../shared/cause-text.tsx';
import { JsonView } from '../shared/json-view.tsx';
import { selectStep } from './selection.ts';
import { Trials } from './trials.tsx';
import type { Execution } from './use-execution.ts';

const ENDS: Readonly<Record<string, string>> = { FAILED: 'failed', TIMED_OUT: 'timed out', ABORTED: 'was stopped' };

/** Why the execution ended badly: the question that people open the page for. */
export function FailureCard({ execution, failure }: { execution: Execution; failure: Failure }) {
  const { error, origin, endedIn, cause, trials } = failure;
  const { status } = execution.execution;
  const advice = adviseOn(error, settings.advice);
  const own = origin?.cause.message ? origin.cause : cause;
  return (
    <Alert
      type={status === 'ABORTED' ? 'warning' : 'error'}
      header={headline(status, error, origin)}
      action={origin && <Button onClick={() => selectStep(origin.step)}>Show {origin.step.name}</Button>}
    >
      <SpaceBetween size="s">
        <CauseText cause={own} />
        {endedIn && <EndedIn name={endedIn.name} cause={cause} own={own} />}
        {advice && (
          <div>
            <strong>What to do:</strong> {advice.charAt(0).toUpperCase() + advice.slice(1)}
          </div>
        )}
        {settings.allowWrites && <StartAgain execution={execution} failure={failure} />}
        {trials.length > 0 && <Trials trials={trials} />}
        {origin && (
          <ExpandableSection headerText={`Input of ${origin.step.name}`} variant="footer">
            <JsonView text={origin.attempt?.parameters ?? origin.step.input} label={`Input of ${origin.step.name}`} />
          </ExpandableSection>
        )}
      </SpaceBetween>
    </Alert>
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
      <Button variant="inline-link" onClick={() => setIsStarting(true)}>
        Start again with the same input
      </Button>
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
  if (status !== 'FAILED' || !attempt) return where;
  return isCovered ? `${where}, attempt ${number} of ${of}` : `${where}, attempt ${number}: no Retry covers this error`;
}

/** The Fail state that reported the failure, and how it worded it. */
function EndedIn({ name, cause, own }: { name: string; cause: Cause; own: Cause }) {
  return (
    <Box>
      Ended in {name}
      {cause.message && cause.message !== own.message ? `: ${cause.message}` : ''}
    </Box>
  );
}
