import Container from '@cloudscape-design/components/container';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import { readFacts } from '../../model/facts.ts';
import { formatDuration, formatTime } from '../../model/format.ts';
import { paths } from '../router.ts';
import { settings } from '../settings.ts';
import { PageLink } from '../shared/link.tsx';
import { useNow } from '../shared/use-now.ts';
import type { Execution } from './use-execution.ts';

/** The execution at a glance. */
export function Summary({ execution: { execution, machine, isLive } }: { execution: Execution }) {
  const now = useNow(isLive);
  const { startDate, stopDate, redriveCount = 0, mapRunArn, output } = execution;
  const duration = (stopDate === undefined ? now : stopDate * 1000) - startDate * 1000;
  const pair = (label: string, value: React.ReactNode) => ({ label, value });
  return (
    <Container>
      <KeyValuePairs
        minColumnWidth={150}
        columns={4}
        items={[
          pair('State machine', <PageLink href={paths.machine(machine.stateMachineArn)}>{machine.name}</PageLink>),
          pair('Started', formatTime(startDate * 1000)),
          pair(stopDate === undefined ? 'Running for' : 'Duration', formatDuration(Math.max(0, duration))),
          ...(stopDate === undefined ? [] : [pair('Ended', formatTime(stopDate * 1000))]),
          ...(redriveCount > 0 ? [pair('Redriven', `${redriveCount} times`)] : []),
          ...(mapRunArn === undefined
            ? []
            : [pair('Map run', <PageLink href={paths.mapRun(mapRunArn)}>Its siblings</PageLink>)]),
          ...readFacts(output, settings.facts).map(({ label, text }) => pair(label, text)),
          pair('ARN', <CopyArn arn={execution.executionArn} />),
        ]}
      />
    </Container>
  );
}

function CopyArn({ arn }: { arn: string }) {
  return (
    <CopyToClipboard
      variant="inline"
      textToCopy={arn}
      textToDisplay="Copy"
      copyButtonAriaLabel="Copy the execution's ARN"
      copySuccessText="Copied"
      copyErrorText="The browser did not allow it"
    />
  );
}
