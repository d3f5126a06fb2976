import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import Textarea from '@cloudscape-design/components/textarea';
import { useState } from 'react';
import { findJsonProblem } from '../../../server/json-text.ts';
import { stepFunctions } from '../api/step-functions.ts';
import { navigate, paths } from '../router.ts';
import { settings } from '../settings.ts';
import { ActionDialog } from '../shared/action-dialog.tsx';

interface StartDialogProps {
  readonly stateMachineArn: string;
  /** JSON text; without one, the first sample. */
  readonly input?: string | undefined;
  readonly onClose: () => void;
}

/** Starts an execution, and goes there. */
export function StartDialog({ stateMachineArn, input: given, onClose }: StartDialogProps) {
  const machineName = stateMachineArn.split(':')[6] ?? '';
  const samples = settings.samples.filter(({ stateMachine }) => stateMachine === machineName);
  const [input, setInput] = useState(given === undefined ? (samples[0]?.input ?? '{}') : prettify(given));
  const [name, setName] = useState('');
  const [error, setError] = useState<Error>();
  const [isStarting, setIsStarting] = useState(false);
  const problem = findJsonProblem(input);
  const start = async (): Promise<void> => {
    setIsStarting(true);
    setError(undefined);
    try {
      const request = { stateMachineArn, input, ...(name !== '' && { name }) };
      const { executionArn } = await stepFunctions<{ executionArn: string }>('StartExecution', request);
      onClose();
      navigate(paths.execution(executionArn));
    } catch (failure) {
      setError(failure as Error);
      setIsStarting(false);
    }
  };
  return (
    <ActionDialog
      isLarge
      header={`New execution of ${machineName}`}
      action="Start"
      isBusy={isStarting}
      isDisabled={problem !== undefined}
      error={error}
      onAction={start}
      onClose={onClose}
    >
      <FormField label="Name" description="Optional; the name of an execution is its own for 90 days">
        <Input value={name} onChange={({ detail }) => setName(detail.value)} placeholder="One is made up" />
      </FormField>
      {samples.length > 0 && (
        <FormField label="Sample input">
          <Select
            placeholder="Choose one to fill in"
            selectedOption={toOption(samples.find((sample) => sample.input === input))}
            options={samples.flatMap((sample) => toOption(sample) ?? [])}
            onChange={({ detail }) => setInput(detail.selectedOption.value ?? '')}
          />
        </FormField>
      )}
      <FormField
        label="Input"
        stretch
        errorText={problem && `Line ${problem.line}, column ${problem.column}: ${problem.message}`}
      >
        <Textarea value={input} rows={14} spellcheck={false} onChange={({ detail }) => setInput(detail.value)} />
      </FormField>
    </ActionDialog>
  );
}

function toOption(sample: { name: string; input: string } | undefined) {
  return sample ? { label: sample.name, value: sample.input } : null;
}

function prettify(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}
