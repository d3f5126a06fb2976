import BarChart from '@cloudscape-design/components/bar-chart';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import type { Bucket } from '../../model/dashboard.ts';
import { formatTime } from '../../model/format.ts';

/** How many were answered and failed over the time range. */
export function OutcomeChart({ buckets }: { buckets: readonly Bucket[] }) {
  const most = Math.max(1, ...buckets.map(({ answered, failed }) => answered + failed));
  const series = (title: string, color: string, pick: (bucket: Bucket) => number) => ({
    title,
    type: 'bar' as const,
    color,
    data: buckets.map((bucket) => ({ x: new Date(bucket.from), y: pick(bucket) })),
  });
  return (
    <Container header={<Header variant="h2">Executions that ended</Header>}>
      <BarChart
        ariaLabel="Executions that ended, over time"
        height={200}
        stackedBars
        hideFilter
        xScaleType="categorical"
        yDomain={[0, most]}
        xTitle="Time"
        yTitle="Executions"
        i18nStrings={{ xTickFormatter: (date) => formatTime(date.getTime()).slice(5, 16) }}
        series={[
          series('Answered', 'var(--succeeded)', ({ answered }) => answered),
          series('Failed', 'var(--failed)', ({ failed }) => failed),
        ]}
      />
    </Container>
  );
}
