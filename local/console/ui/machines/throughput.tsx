import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import { lazy, Suspense, useMemo } from 'react';
import { toBuckets } from '../../model/buckets.ts';
import type { ExecutionList } from '../../model/execution-list.ts';
import type { ExecutionItem, MapRunDescription } from '../api/types.ts';

const EndsChart = lazy(() => import('../shared/ends-chart.tsx'));

/** The children that are listed by when they ended. */
export function Throughput({ mapRun, list }: { mapRun: MapRunDescription; list: ExecutionList<ExecutionItem> }) {
  const { startDate, stopDate } = mapRun;
  const { executions, nextToken } = list;
  const buckets = useMemo(() => {
    const ends = executions.flatMap(({ status, stopDate }) =>
      stopDate === undefined ? [] : [{ at: stopDate * 1000, isFailed: status !== 'SUCCEEDED' }],
    );
    const last = ends.reduce((most, { at }) => Math.max(most, at), (stopDate ?? startDate) * 1000);
    return ends.length === 0 ? undefined : toBuckets(ends, startDate * 1000, Math.max(startDate * 1000 + 1, last));
  }, [executions, startDate, stopDate]);
  if (!buckets) return null;
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={nextToken === undefined ? undefined : 'Of the executions that are listed below'}
        >
          Executions that ended
        </Header>
      }
    >
      <Suspense fallback={<div className="chart-space" />}>
        <EndsChart buckets={buckets} succeeded="Succeeded" />
      </Suspense>
    </Container>
  );
}
