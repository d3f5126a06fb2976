import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { StepStatus } from '../../model/steps.ts';

interface Look {
  readonly label: string;
  readonly type: StatusIndicatorProps.Type;
  /** In the graph, beside the colour. */
  readonly glyph: string;
}

/** How each status of a state looks, everywhere. */
export const STEP_STATUS: Readonly<Record<StepStatus, Look>> = {
  running: { label: 'Running', type: 'in-progress', glyph: '…' },
  succeeded: { label: 'Succeeded', type: 'success', glyph: '✓' },
  failed: { label: 'Failed', type: 'error', glyph: '✕' },
  timedOut: { label: 'Timed out', type: 'error', glyph: '✕' },
  caught: { label: 'Caught error', type: 'warning', glyph: '!' },
  aborted: { label: 'Aborted', type: 'stopped', glyph: '–' },
};

/** Those of executions and map runs, as the API names them. */
const API_STATUS: Readonly<Record<string, StepStatus>> = {
  RUNNING: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'timedOut',
  ABORTED: 'aborted',
};

export function StepStatusIndicator({ status }: { status: StepStatus | undefined }) {
  if (!status) return <StatusIndicator type="pending">Not entered</StatusIndicator>;
  const { label, type } = STEP_STATUS[status];
  return (
    <StatusIndicator type={type} wrapText={false}>
      {label}
    </StatusIndicator>
  );
}

export function ExecutionStatusIndicator({ status }: { status: string }) {
  const known = API_STATUS[status];
  if (known) return <StepStatusIndicator status={known} />;
  return <StatusIndicator type="pending">{wordStatus(status)}</StatusIndicator>;
}

/** The status of an execution or a map run in words. */
export function wordStatus(status: string): string {
  const known = API_STATUS[status];
  if (known) return STEP_STATUS[known].label;
  return status === 'PENDING_REDRIVE' ? 'Pending redrive' : status;
}
