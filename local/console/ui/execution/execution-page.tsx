import Box from '@cloudscape-design/components/box';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Tabs from '@cloudscape-design/components/tabs';
import { paths, useParameter } from '../router.ts';
import { JsonView } from '../shared/json-view.tsx';
import { LoadError } from '../shared/load-error.tsx';
import { Page } from '../shared/page.tsx';
import { EventsTable } from './events-table.tsx';
import { ExecutionHeader } from './execution-header.tsx';
import { FailureCard } from './failure-card.tsx';
import { GraphTab } from './graph-tab.tsx';
import { LogTab } from './log-tab.tsx';
import { selectState, useSelected } from './selection.ts';
import { StatePanel } from './state-panel.tsx';
import { StatesTable } from './states-table.tsx';
import { Summary } from './summary.tsx';
import { TimelineTab } from './timeline-tab.tsx';
import { type Execution, useExecution } from './use-execution.ts';

/** One execution: what became of it, and why. */
export default function ExecutionPage({ arn }: { arn: string }) {
  const { execution, error, refresh } = useExecution(arn);
  const selected = useSelected();
  const name = arn.split(':')[7] ?? arn;
  return (
    <Page
      title={name}
      breadcrumbs={[...(execution ? parentsOf(execution) : []), { text: name, href: paths.execution(arn) }]}
      splitPanel={
        execution && selected.state !== undefined && execution.states.has(selected.state) ? (
          <StatePanel execution={execution} name={selected.state} />
        ) : undefined
      }
      onSplitPanelClosed={() => selectState(undefined)}
    >
      {execution ? (
        <SpaceBetween size="l">
          <ExecutionHeader execution={execution} refresh={refresh} />
          {execution.failure && <FailureCard execution={execution} failure={execution.failure} />}
          <Summary execution={execution} />
          <ExecutionTabs execution={execution} />
        </SpaceBetween>
      ) : error ? (
        <SpaceBetween size="l">
          <Header variant="h1">{name}</Header>
          <LoadError what="The execution" error={error} retry={refresh} />
        </SpaceBetween>
      ) : (
        <Box textAlign="center" padding="xxl">
          <Spinner size="large" />
        </Box>
      )}
    </Page>
  );
}

/** Its state machine; of a child of a map run, whose state machine is a part of another's, that one and the map run. */
function parentsOf({ execution: { stateMachineArn, mapRunArn } }: Execution) {
  const [machineArn = ''] = stateMachineArn.split('/');
  const machine = { text: machineArn.split(':')[6] ?? machineArn, href: paths.machine(machineArn) };
  return mapRunArn === undefined ? [machine] : [machine, { text: 'Map run', href: paths.mapRun(mapRunArn) }];
}

function ExecutionTabs({ execution }: { execution: Execution }) {
  const [tab = 'graph', setTab] = useParameter('tab');
  return (
    <Tabs
      activeTabId={tab}
      onChange={({ detail }) => setTab(detail.activeTabId === 'graph' ? undefined : detail.activeTabId)}
      tabs={[
        { id: 'graph', label: 'Graph', content: <GraphTab execution={execution} /> },
        { id: 'timeline', label: 'Timeline', content: <TimelineTab execution={execution} /> },
        { id: 'states', label: 'States', content: <StatesTable execution={execution} /> },
        { id: 'events', label: 'Events', content: <EventsTable execution={execution} /> },
        { id: 'data', label: 'Input and output', content: <InputAndOutput execution={execution} /> },
        { id: 'log', label: 'Log', content: <LogTab execution={execution} /> },
      ]}
    />
  );
}

function InputAndOutput({ execution: { execution } }: { execution: Execution }) {
  const { input, output, status } = execution;
  return (
    <ColumnLayout columns={2}>
      <Container header={<Header variant="h3">Input</Header>}>
        <JsonView text={input} label="Input of the execution" />
      </Container>
      <Container header={<Header variant="h3">Output</Header>}>
        {output === undefined && status !== 'SUCCEEDED' ? (
          <div className="muted">{status === 'RUNNING' ? 'Not yet' : 'It gave none'}</div>
        ) : (
          <JsonView text={output} label="Output of the execution" />
        )}
      </Container>
    </ColumnLayout>
  );
}
