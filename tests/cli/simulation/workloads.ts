import { ASSUMED, type Workload } from '../../../cli/simulation/workload.ts';
import { DEFAULT_MODEL_IDS, findModel } from '../../../functions/shared/models.ts';
import { readDefinition } from '../../../statemachine/definition.ts';

/** Every call takes 2 seconds and nothing fails. */
export function workload(more: Partial<Workload> = {}): Workload {
  return {
    prompts: 100,
    maxTokens: 4_096,
    models: DEFAULT_MODEL_IDS.flatMap((modelId) => findModel(modelId) ?? []),
    quota: { requests: 1_000 },
    latency: { p50: 2, p99: 2 },
    ...ASSUMED,
    errorRate: 0,
    overheadMs: 0,
    definition: readDefinition(),
    ...more,
  };
}
