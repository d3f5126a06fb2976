import { simulate } from '../../cli/simulation/simulate.ts';
import { ASSUMED, assumedLatency } from '../../cli/simulation/workload.ts';
import { DEFAULT_MODEL_IDS, findModel } from '../../functions/shared/models.ts';
import { readDefinition } from '../../statemachine/definition.ts';

const PROMPTS = 1_000_000;

/** Where the quota is left alone, just used up, and overrun so that calls are repeated several times. */
const CONCURRENCIES = [40, 78, 300];

/** How long a million prompts take to simulate. */
export async function benchSimulation(): Promise<void> {
  const workload = {
    prompts: PROMPTS,
    maxTokens: 4_096,
    models: DEFAULT_MODEL_IDS.flatMap((modelId) => findModel(modelId) ?? []),
    quota: { requests: 1_000, tokens: 4_000_000 },
    latency: assumedLatency(ASSUMED.outputTokens),
    ...ASSUMED,
    definition: readDefinition(),
  };
  for (const concurrency of CONCURRENCIES) {
    const began = performance.now();
    const { attempts } = simulate({ ...workload, concurrency });
    const seconds = (performance.now() - began) / 1_000;
    const what = `${PROMPTS.toLocaleString('en-US')} prompts, ${concurrency} at a time`;
    console.log(`${what.padEnd(40)}${seconds.toFixed(1)} s for ${attempts.toLocaleString('en-US')} calls`);
  }
  console.log('target: under 60 s for all concurrencies\n');
}
