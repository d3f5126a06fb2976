import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';

interface ActionDialogProps {
  readonly header: string;
  /** The word on the button that does it. */
  readonly action: string;
  readonly isLarge?: boolean;
  readonly isBusy?: boolean;
  readonly isDisabled?: boolean;
  /** Why it failed, when it did. */
  readonly error: Error | undefined;
  readonly onAction: () => Promise<void>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Asks for what an action needs; stays open, with the error, when it fails. */
export function ActionDialog({ header, action, isLarge, isBusy, isDisabled, error, ...rest }: ActionDialogProps) {
  const { onAction, onClose, children } = rest;
  return (
    <Modal
      visible
      size={isLarge ? 'large' : 'medium'}
      header={header}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              Cancel
            </Button>
            <Button
              variant="primary"
              loading={isBusy ?? false}
              disabled={isDisabled ?? false}
              onClick={() => void onAction()}
            >
              {action}
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
        {children}
      </SpaceBetween>
    </Modal>
  );
}
