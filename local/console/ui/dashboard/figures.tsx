import Container from '@cloudscape-design/components/container';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import type { Dashboard } from '../../model/dashboard.ts';
import { formatDuration } from '../../model/format.ts';

/** The figures that tell at a glance whether all is well. */
export function Figures({ dashboard }: { dashboard: Dashboard }) {
  const { prompts, successRate = 0, retries, fallbacks, tokensIn, tokensOut, costUsd, latencyMs } = dashboard;
  const figure = (label: string, value: string) => ({ label, value: <span className="figure">{value}</span> });
  return (
    <Container>
      <KeyValuePairs
        columns={4}
        minColumnWidth={140}
        items={[
          figure('Prompts', prompts.toLocaleString('en')),
          figure('Success rate', `${Math.floor(successRate * 1000) / 10} %`),
          figure('Retries', retries.toLocaleString('en')),
          figure('Fallbacks', fallbacks.toLocaleString('en')),
          figure('Tokens in / out', `${tokensIn.toLocaleString('en')} / ${tokensOut.toLocaleString('en')}`),
          figure('Estimated cost', formatUsd(costUsd)),
          figure('Latency p50', latencyMs ? formatDuration(latencyMs.p50) : '–'),
          figure(
            'Latency p95 / p99',
            latencyMs ? `${formatDuration(latencyMs.p95)} / ${formatDuration(latencyMs.p99)}` : '–',
          ),
        ]}
      />
    </Container>
  );
}

/** Small sums keep the digits that tell them apart. */
export function formatUsd(usd: number): string {
  return `$${usd.toLocaleString('en', { maximumSignificantDigits: usd < 1 ? 3 : 6 })}`;
}
