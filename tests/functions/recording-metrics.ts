import type { Metrics } from '../../functions/shared/metrics.ts';

/** Metrics that keep what they get as [`pipeline` or the model id, values]. */
export function recordingMetrics(): Metrics & { values: [string, Readonly<Record<string, number>>][] } {
  const values: [string, Readonly<Record<string, number>>][] = [];
  return {
    values,
    ofPipeline: (of) => void values.push(['pipeline', of]),
    ofModel: (modelId, of) => void values.push([modelId, of]),
  };
}
