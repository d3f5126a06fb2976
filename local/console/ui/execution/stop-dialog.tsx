import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { stepFunctions } from '../api/step-functions.ts';

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
    <Modal
      visible
      header="Stop the execution?"
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              Cancel
            </Button>
            <Button variant="primary" onClick={() => void stop()}>
              Stop
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {error && (
          <Alert type="error" header={error.name}>
            {error.message}
          </Alert>
        )}
        <FormField label="Cause" description="Optional; it is kept in the history">
          <Input value={cause} onChange={({ detail }) => setCause(detail.value)} />
        </FormField>
      </SpaceBetween>
    </Modal>
  );
}
