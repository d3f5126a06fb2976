import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState } from 'react';
import { stepFunctions } from '../api/step-functions.ts';
import { ActionDialog } from '../shared/action-dialog.tsx';

interface StopDialogProps {
  readonly executionArn: string;
  readonly onClose: () => void;
  readonly onStopped: () => void;
}

/** Asks before an execution is stopped, and for what is to stand in its history. */
export function StopDialog({ executionArn, onClose, onStopped }: StopDialogProps) {
  const [cause, setCause] = useState('');
  const [error, setError] = useState<Error>();
  const stop = async (): Promise<void> => {
    try {
      await stepFunctions('StopExecution', { executionArn, ...(cause !== '' && { cause }) });
      onStopped();
    } catch (failure) {
      setError(failure as Error);
    }
  };
  return (
    <ActionDialog header="Stop the execution?" action="Stop" error={error} onAction={stop} onClose={onClose}>
      <FormField label="Cause" description="Optional; it is kept in the history">
        <Input value={cause} onChange={({ detail }) => setCause(detail.value)} />
      </FormField>
    </ActionDialog>
  );
}
