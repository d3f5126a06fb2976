import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useMemo } from 'react';
import { summarise } from '../../model/dashboard.ts';
import { keepSame } from '../api/keep-same.ts';
import { loadPages } from '../api/pages.ts';
import type { StateMachineItem } from '../api/types.ts';
import { usePolled } from '../api/use-polled.ts';
import { useParameter } from '../router.ts';
import { settings } from '../settings.ts';
import EndsChart from '../shared/ends-chart.tsx';
import { LoadError } from '../shared/load-error.tsx';
import { Page } from '../shared/page.tsx';
import { DashboardTables } from './dashboard-tables.tsx';
import { Figures } from './figures.tsx';
import { loadOutcomes, type OutcomeData } from './load-outcomes.ts';

const MINUTE = 60_000;
const RANGES = [
  { id: '1h', text: '1 hour', ms: 60 * MINUTE },
  { id: '3h', text: '3 hours', ms: 3 * 60 * MINUTE },
  { id: '1d', text: '1 day', ms: 24 * 60 * MINUTE },
  { id: '7d', text: '7 days', ms: 7 * 24 * 60 * MINUTE },
] as const;

/** What a time range of prompts comes to, read from the log. */
export default function DashboardPage() {
  const machines = usePolled('machines', async (before?: readonly StateMachineItem[]) =>
    keepSame(before, await loadPages('ListStateMachines', 'stateMachines')),
  );
  const [rangeId = '1h', setRange] = useParameter('range');
  const [chosen, setChosen] = useParameter('machine');
  const range = RANGES.find(({ id }) => id === rangeId) ?? RANGES[0];
  const sampled = new Set(settings.samples.map(({ stateMachine }) => stateMachine));
  const machine =
    machines.data?.find(({ stateMachineArn }) => stateMachineArn === chosen) ??
    machines.data?.find(({ name }) => sampled.has(name)) ??
    machines.data?.[0];
  const options = machines.data?.map(({ stateMachineArn, name }) => ({ value: stateMachineArn, label: name })) ?? [];
  return (
    <Page title="Dashboard">
      <SpaceBetween size="l">
        <Header
          variant="h1"
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {!settings.logGroups && (
                <Select
                  ariaLabel="State machine"
                  options={options}
                  selectedOption={options.find(({ value }) => value === machine?.stateMachineArn) ?? null}
                  onChange={({ detail }) => setChosen(detail.selectedOption.value)}
                />
              )}
              <SegmentedControl
                label="Time range"
                selectedId={range.id}
                options={RANGES.map(({ id, text }) => ({ id, text }))}
                onChange={({ detail }) => setRange(detail.selectedId)}
              />
            </SpaceBetween>
          }
        >
          Dashboard
        </Header>
        {machine ? (
          <Outcomes arn={machine.stateMachineArn} rangeMs={range.ms} />
        ) : machines.error ? (
          <LoadError what="The state machines" error={machines.error} retry={machines.refresh} />
        ) : (
          <Spinner size="large" />
        )}
      </SpaceBetween>
    </Page>
  );
}

function Outcomes({ arn, rangeMs }: { arn: string; rangeMs: number }) {
  const { data, error, refresh } = usePolled<OutcomeData>(`outcomes ${arn} ${rangeMs}`, (before) =>
    loadOutcomes(arn, rangeMs, before),
  );
  const dashboard = useMemo(() => data && summarise(data.outcomes, data.until - rangeMs, data.until), [data, rangeMs]);
  if (error && !data) return <LoadError what="The log" error={error} retry={refresh} />;
  if (!dashboard) return <Spinner size="large" />;
  if (dashboard.prompts === 0) {
    return (
      <Box textAlign="center" padding="xxl">
        No execution ended in this time. One that ends is counted here within seconds.
      </Box>
    );
  }
  return (
    <SpaceBetween size="l">
      <Figures dashboard={dashboard} />
      <Container header={<Header variant="h2">Executions that ended</Header>}>
        <EndsChart buckets={dashboard.buckets} succeeded="Answered" />
      </Container>
      <DashboardTables dashboard={dashboard} />
    </SpaceBetween>
  );
}
