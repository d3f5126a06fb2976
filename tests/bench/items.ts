import { createSkippingClock } from '../../local/engine/clock.ts';
import { createEngine } from '../../local/engine/engine.ts';
import { createMemoryStore } from '../../local/store/memory.ts';
import { rejectTask } from '../../local/tasks/lambda.ts';
import { DISTRIBUTED_MAP, LOOP, MAP, standardMachine } from './machines.ts';
import { median } from './measure.ts';

const ROUNDS = 5;

/** What an execution is made longer by, in steps that should cost the same each. */
const GROWING = [
  { what: 'a Map of', unit: 'item', definition: MAP, sizes: [100, 1_000, 6_000] },
  { what: 'a distributed Map of', unit: 'item', definition: DISTRIBUTED_MAP, sizes: [1_000, 10_000, 40_000] },
  { what: 'a loop of', unit: 'event', definition: LOOP, sizes: [1_000, 10_000, 24_990] },
];

/** How the time of one execution in-process grows with its items or events. */
export async function benchItems(): Promise<void> {
  for (const { what, unit, definition, sizes } of GROWING) {
    for (const size of sizes) {
      const times: number[] = [];
      for (let round = 0; round <= ROUNDS; round += 1) {
        const time = await timeOf(definition, unit === 'item' ? itemsOf(size) : { n: size });
        if (round > 0) times.push(time);
      }
      const time = median(times);
      console.log(
        `${`${what} ${size} ${unit}s`.padEnd(40)}${time.toFixed(1).padStart(8)} ms, ${((time / size) * 1000).toFixed(1)} us an ${unit}`,
      );
    }
  }
  console.log('target: linear\n');
}

function itemsOf(count: number): object {
  return { items: Array.from({ length: count }, (_, id) => id) };
}

/** Milliseconds from the start of an execution to its end. */
async function timeOf(definition: object, input: object): Promise<number> {
  const engine = createEngine({
    store: createMemoryStore(),
    runTask: rejectTask,
    createClock: () => createSkippingClock(Date.now),
  });
  const executionArn = 'arn:aws:states:us-east-1:123456789012:execution:bench:1';
  const begin = performance.now();
  const machine = standardMachine('bench', definition);
  const execution = engine.start(machine, { executionArn, name: '1', input: JSON.stringify(input) });
  await engine.finished(executionArn);
  if (execution.status !== 'SUCCEEDED') throw new Error(`An execution ended ${execution.status}: ${execution.cause}`);
  return performance.now() - begin;
}
