import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { executionUrl } from '../../model/aws-console.ts';
import { stepFunctions } from '../api/step-functions.ts';
import { StartDialog } from '../machines/start-dialog.tsx';
import { settings } from '../settings.ts';
import { CopyText } from '../shared/copy-text.tsx';
import { downloadJson } from '../shared/download.ts';
import { ExecutionStatusIndicator } from '../shared/status.tsx';
import { failState } from './failure-card.tsx';
import { StopDialog } from './stop-dialog.tsx';
import type { Execution } from './use-execution.ts';

/** The execution's name and status, and what can be done with it. */
export function ExecutionHeader({ execution, refresh }: { execution: Execution; refresh: () => void }) {
  const { execution: described, machine, events, isLive } = execution;
  const [dialog, setDialog] = useState<'start' | 'stop'>();
  const [error, setError] = useState<Error>();
  const redrive = async (): Promise<void> => {
    setError(undefined);
    try {
      await stepFunctions('RedriveExecution', { executionArn: described.executionArn });
      refresh();
    } catch (failure) {
      setError(failure as Error);
    }
  };
  return (
    <SpaceBetween size="s">
      <Header
        variant="h1"
        info={<ExecutionStatusIndicator status={described.status} />}
        description={<CopyText what="the execution's ARN" text={described.executionArn} />}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            {settings.endpoint === undefined && (
              <Button href={executionUrl(described.executionArn)} target="_blank" iconName="external" iconAlign="right">
                AWS console
              </Button>
            )}
            <Button iconName="download" onClick={() => downloadJson({ ...described, events }, described.name)}>
              Export
            </Button>
            {settings.allowWrites && isLive && <Button onClick={() => setDialog('stop')}>Stop</Button>}
            {settings.allowWrites && mayRedrive(execution) && <Button onClick={() => void redrive()}>Redrive</Button>}
            {mayStart(execution) && (
              <Button variant="primary" onClick={() => setDialog('start')}>
                New execution
              </Button>
            )}
          </SpaceBetween>
        }
      >
        {described.name}
      </Header>
      {error && (
        <Alert type="error" dismissible onDismiss={() => setError(undefined)} header={error.name}>
          {error.message}
        </Alert>
      )}
      {dialog === 'start' && (
        <StartDialog
          stateMachineArn={machine.stateMachineArn}
          input={described.input}
          onClose={() => setDialog(undefined)}
        />
      )}
      {dialog === 'stop' && (
        <StopDialog
          executionArn={described.executionArn}
          onClose={() => setDialog(undefined)}
          onStopped={() => {
            setDialog(undefined);
            refresh();
          }}
        />
      )}
    </SpaceBetween>
  );
}

/** Whether another like it may be started, which only its map run does for a child. */
function mayStart({ execution }: Execution): boolean {
  return settings.allowWrites && execution.mapRunArn === undefined;
}

/** A redrive goes on in the state that failed: in a Fail state it would fail again at once. */
function mayRedrive({ execution, failure }: Execution): boolean {
  return execution.redriveStatus === 'REDRIVABLE' && !(failure && failState(failure));
}
