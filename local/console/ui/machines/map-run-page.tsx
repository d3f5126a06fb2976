import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { Fragment } from 'react';
import { formatDuration, formatRate } from '../../model/format.ts';
import { keepSame } from '../api/keep-same.ts';
import { stepFunctions } from '../api/step-functions.ts';
import type { MapRunCounts, MapRunDescription } from '../api/types.ts';
import { usePolled } from '../api/use-polled.ts';
import { paths } from '../router.ts';
import { PageLink } from '../shared/link.tsx';
import { LoadError } from '../shared/load-error.tsx';
import { Page } from '../shared/page.tsx';
import { ExecutionStatusIndicator } from '../shared/status.tsx';
import { Time } from '../shared/time.tsx';
import { useNow } from '../shared/use-now.ts';
import { ExecutionsTable } from './executions-table.tsx';
import { Throughput } from './throughput.tsx';
import { useExecutionList } from './use-execution-list.ts';

/** A map run: how far it is, and its child executions. */
export function MapRunPage({ arn }: { arn: string }) {
  const { data, error, refresh } = usePolled(`map run ${arn}`, async (before?: MapRunDescription) =>
    keepSame(before, await stepFunctions<MapRunDescription>('DescribeMapRun', { mapRunArn: arn })),
  );
  const list = useExecutionList({ mapRunArn: arn });
  const name = arn.split(':').at(-1) ?? arn;
  return (
    <Page title={`Map run ${name}`} breadcrumbs={[...parentOf(data), { text: name, href: paths.mapRun(arn) }]}>
      <SpaceBetween size="l">
        <Header variant="h1" info={data && <ExecutionStatusIndicator status={data.status} />}>
          Map run {name}
        </Header>
        {data && <Progress mapRun={data} />}
        {error && !data && <LoadError what="The map run" error={error} retry={refresh} />}
        {data && list.data && <Throughput mapRun={data} list={list.data} />}
        {(data || !error) && <ExecutionsTable list={list} empty={<NoChildren mapRun={data} />} />}
      </SpaceBetween>
    </Page>
  );
}

function parentOf(mapRun: MapRunDescription | undefined) {
  if (!mapRun) return [];
  const name = mapRun.executionArn.split(':').at(-1) ?? '';
  return [{ text: name, href: paths.execution(mapRun.executionArn) }];
}

/** AWS lists no EXPRESS executions, those of map runs included. */
function NoChildren({ mapRun }: { mapRun: MapRunDescription | undefined }) {
  if (!mapRun || mapRun.executionCounts.total === 0) return 'No child executions yet';
  return 'Step Functions lists no Express child executions; what became of them is in its log and in the results of the Map';
}

function Progress({ mapRun }: { mapRun: MapRunDescription }) {
  const { mapRunArn, startDate, stopDate, maxConcurrency, toleratedFailureCount, toleratedFailurePercentage } = mapRun;
  const now = useNow(stopDate === undefined);
  const length = (stopDate === undefined ? now : stopDate * 1000) - startDate * 1000;
  const { total, pending, running } = mapRun.executionCounts;
  const executionName = mapRun.executionArn.split(':').at(-1);
  return (
    <Container>
      <KeyValuePairs
        columns={4}
        minColumnWidth={150}
        items={[
          { label: 'Items', value: <Counts counts={mapRun.itemCounts} /> },
          { label: 'Executions', value: <Counts counts={mapRun.executionCounts} mapRunArn={mapRunArn} /> },
          { label: 'Throughput', value: length > 0 ? formatRate(total - pending - running, length) : '–' },
          { label: 'Most at a time', value: maxConcurrency === 0 ? 'No limit' : maxConcurrency.toLocaleString('en') },
          { label: 'Started', value: <Time at={startDate * 1000} /> },
          { label: stopDate === undefined ? 'Running for' : 'Duration', value: formatDuration(Math.max(0, length)) },
          {
            label: 'Of execution',
            value: <PageLink href={paths.execution(mapRun.executionArn)}>{executionName}</PageLink>,
          },
          {
            label: 'Tolerated failures',
            value:
              toleratedFailurePercentage > 0
                ? `${toleratedFailurePercentage} %`
                : toleratedFailureCount.toLocaleString('en'),
          },
        ]}
      />
    </Container>
  );
}

const COUNTED = [
  ['succeeded', 'succeeded', 'SUCCEEDED'],
  ['failed', 'failed', 'FAILED'],
  ['timedOut', 'timed out', 'TIMED_OUT'],
  ['aborted', 'aborted', 'ABORTED'],
  ['running', 'running', 'RUNNING'],
  ['pending', 'pending', undefined],
] as const;

/** How many there are in all and of each status; with a map run, as links that list those. */
function Counts({ counts, mapRunArn }: { counts: MapRunCounts; mapRunArn?: string }) {
  const parts = COUNTED.filter(([name]) => counts[name] > 0);
  return (
    <>
      {counts.total.toLocaleString('en')}
      {parts.map(([name, word, status], index) => {
        const text = `${counts[name].toLocaleString('en')} ${word}`;
        return (
          <Fragment key={name}>
            {index === 0 ? ': ' : ', '}
            {mapRunArn && status ? <PageLink href={paths.mapRun(mapRunArn, { status })}>{text}</PageLink> : text}
          </Fragment>
        );
      })}
    </>
  );
}
