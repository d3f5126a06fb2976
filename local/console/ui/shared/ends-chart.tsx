import BarChart from '@cloudscape-design/components/bar-chart';
import type { Bucket } from '../../model/buckets.ts';
import { formatTick } from '../../model/format.ts';

interface EndsChartProps {
  readonly buckets: readonly Bucket[];
  /** What ended is called. */
  readonly succeeded: string;
}

/** How many executions succeeded and failed over a time range. */
export default function EndsChart({ buckets, succeeded }: EndsChartProps) {
  const most = Math.max(1, ...buckets.map((bucket) => bucket.succeeded + bucket.failed));
  const range = (buckets.at(-1)?.from ?? 0) - (buckets[0]?.from ?? 0);
  const series = (title: string, color: string, pick: (bucket: Bucket) => number) => ({
    title,
    type: 'bar' as const,
    color,
    data: buckets.map((bucket) => ({ x: new Date(bucket.from), y: pick(bucket) })),
  });
  return (
    <BarChart
      ariaLabel="Executions that ended, over time"
      height={200}
      stackedBars
      hideFilter
      xScaleType="categorical"
      yDomain={[0, most]}
      xTitle="Time"
      yTitle="Executions"
      i18nStrings={{ xTickFormatter: (date) => formatTick(date.getTime(), range) }}
      series={[
        series(succeeded, 'var(--succeeded)', (bucket) => bucket.succeeded),
        series('Failed', 'var(--failed)', (bucket) => bucket.failed),
      ]}
    />
  );
}
