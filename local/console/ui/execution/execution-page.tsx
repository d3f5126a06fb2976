import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Tabs from '@cloudscape-design/components/tabs';
import { paths, useParameter } from '../router.ts';
import { LoadError } from '../shared/load-error.tsx';
import { Page } from '../shared/page.tsx';
import { EventsTable } from './events-table.tsx';
import { ExecutionHeader } from './execution-header.tsx';
import { FailureCard } from './failure-card.tsx';
import { GraphTab } from './graph-tab.tsx';
import { StatesTable } from './states-table.tsx';
import { Summary } from './summary.tsx';
import { type Execution, useExecution } from './use-execution.ts';

/** One execution: what became of it, and why. */
export default function ExecutionPage({ arn }: { arn: string }) {
  const { execution, error, refresh } = useExecution(arn);
  const [, , , , , , machineName = '', name = arn] = arn.split(':');
  const machineArn = execution?.execution.stateMachineArn;
  return (
    <Page
      title={name}
      breadcrumbs={[
        ...(machineArn === undefined ? [] : [{ text: machineName, href: paths.machine(machineArn) }]),
        { text: name, href: paths.execution(arn) },
      ]}
    >
      {execution ? (
        <SpaceBetween size="l">
          <ExecutionHeader execution={execution} refresh={refresh} />
          {execution.failure && <FailureCard execution={execution} failure={execution.failure} />}
          <Summary execution={execution} />
          <ExecutionTabs execution={execution} />
        </SpaceBetween>
      ) : error ? (
        <LoadError what="The execution" error={error} retry={refresh} />
      ) : (
        <Box textAlign="center" padding="xxl">
          <Spinner size="large" />
        </Box>
      )}
    </Page>
  );
}

function ExecutionTabs({ execution }: { execution: Execution }) {
  const [tab = 'graph', setTab] = useParameter('tab');
  return (
    <Tabs
      activeTabId={tab}
      onChange={({ detail }) => setTab(detail.activeTabId === 'graph' ? undefined : detail.activeTabId)}
      tabs={[
        { id: 'graph', label: 'Graph', content: <GraphTab execution={execution} /> },
        { id: 'states', label: 'States', content: <StatesTable execution={execution} /> },
        { id: 'events', label: 'Events', content: <EventsTable execution={execution} /> },
      ]}
    />
  );
}
