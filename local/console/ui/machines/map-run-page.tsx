import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { formatDuration, formatTime } from '../../model/format.ts';
import { stepFunctions } from '../api/step-functions.ts';
import type { MapRunCounts, MapRunDescription } from '../api/types.ts';
import { usePolled } from '../api/use-polled.ts';
import { paths } from '../router.ts';
import { PageLink } from '../shared/link.tsx';
import { LoadError } from '../shared/load-error.tsx';
import { Page } from '../shared/page.tsx';
import { ExecutionStatusIndicator } from '../shared/status.tsx';
import { ExecutionsTable } from './executions-table.tsx';

/** A map run: how far it is, and its child executions. */
export function MapRunPage({ arn }: { arn: string }) {
  const { data, error, refresh } = usePolled(
    `map run ${arn}`,
    () => stepFunctions<MapRunDescription>('DescribeMapRun', { mapRunArn: arn }),
    ({ status }) => status === 'RUNNING',
  );
  const name = arn.split(':').at(-1) ?? arn;
  return (
    <Page title={`Map run ${name}`} breadcrumbs={[...parentOf(data), { text: name, href: paths.mapRun(arn) }]}>
      <SpaceBetween size="l">
        <Header variant="h1" info={data && <ExecutionStatusIndicator status={data.status} />}>
          Map run {name}
        </Header>
        {data && <Progress mapRun={data} />}
        {error && !data && <LoadError what="The map run" error={error} retry={refresh} />}
        <ExecutionsTable of={{ mapRunArn: arn }} />
      </SpaceBetween>
    </Page>
  );
}

function parentOf(mapRun: MapRunDescription | undefined) {
  if (!mapRun) return [];
  const name = mapRun.executionArn.split(':').at(-1) ?? '';
  return [{ text: name, href: paths.execution(mapRun.executionArn) }];
}

function Progress({ mapRun }: { mapRun: MapRunDescription }) {
  const { startDate, stopDate, maxConcurrency, toleratedFailureCount, toleratedFailurePercentage } = mapRun;
  const end = stopDate ?? Date.now() / 1000;
  const executionName = mapRun.executionArn.split(':').at(-1);
  return (
    <Container>
      <KeyValuePairs
        columns={4}
        items={[
          { label: 'Items', value: wordCounts(mapRun.itemCounts) },
          { label: 'Executions', value: wordCounts(mapRun.executionCounts) },
          { label: 'Started', value: formatTime(startDate * 1000) },
          { label: 'Duration', value: formatDuration((end - startDate) * 1000) },
          {
            label: 'Of execution',
            value: <PageLink href={paths.execution(mapRun.executionArn)}>{executionName}</PageLink>,
          },
          { label: 'Most at a time', value: maxConcurrency === 0 ? 'No limit' : maxConcurrency.toLocaleString('en') },
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

function wordCounts({ total, ...counts }: MapRunCounts): string {
  const names = ['succeeded', 'failed', 'timedOut', 'aborted', 'running', 'pending'] as const;
  const parts = names.flatMap((name) => {
    const number = counts[name];
    return number > 0 ? [`${number.toLocaleString('en')} ${name === 'timedOut' ? 'timed out' : name}`] : [];
  });
  return `${total.toLocaleString('en')}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
}
