import { benchBatches, FEW, MANY } from './batches.ts';
import { benchBundles } from './bundles.ts';
import { benchDatasets } from './datasets.ts';
import { benchExecutions } from './executions.ts';
import { benchGrowth } from './growth.ts';
import { benchHttp } from './http.ts';
import { benchInterpreters } from './interpreters.ts';
import { benchLoad } from './load.ts';
import { benchSimulation } from './simulation.ts';
import { benchStart } from './start.ts';

/** In their order, so that the figures of a comparison come from the same machine at the same time. */
const BENCHES: Readonly<Record<string, () => Promise<void>>> = {
  start: benchStart,
  bundles: benchBundles,
  executions: benchExecutions,
  interpreters: benchInterpreters,
  http: benchHttp,
  growth: benchGrowth,
  simulation: benchSimulation,
  batches: () => benchBatches(FEW),
  datasets: benchDatasets,
  load: benchLoad,
  'batch-growth': () => benchBatches(MANY),
};
/** Takes minutes, so it has to be asked for. */
const ON_REQUEST: ReadonlySet<string> = new Set(['datasets', 'load', 'batch-growth']);

const allowed = Object.keys(BENCHES);
const given = process.argv.slice(2);
const unknown = given.find((name) => !allowed.includes(name));
if (unknown !== undefined) {
  console.error(`npm run bench: found ${unknown}, allowed are ${allowed.join(', ')}`);
  process.exit(2);
}
console.log(`Node ${process.version}, ${process.platform} ${process.arch}\n`);
for (const name of given.length > 0 ? given : allowed.filter((name) => !ON_REQUEST.has(name))) await BENCHES[name]?.();
