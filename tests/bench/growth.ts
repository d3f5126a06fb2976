import { createSkippingClock } from '../../local/engine/clock.ts';
import { createEngine } from '../../local/engine/engine.ts';
import { startStepFunctions } from '../../local/server/server.ts';
import { createMemoryStore } from '../../local/store/memory.ts';
import { rejectTask } from '../../local/tasks/lambda.ts';
import { createApiClient } from './http.ts';
import { MAP, SEVEN_PASS_STATES, standardMachine } from './machines.ts';
import { median } from './measure.ts';

const STORED = [1_000, 10_000];
const CALLS = 300;
const ITEMS = [100, 1_000, 3_000, 6_000];
const ROUNDS = 5;
const ROLE = 'arn:aws:iam::123456789012:role/bench';

/** How cost grows with the executions that are stored, and with the items of a Map. */
export async function benchGrowth(): Promise<void> {
  await benchStored();
  await benchItems();
}

async function benchStored(): Promise<void> {
  const server = await startStepFunctions({ runTask: rejectTask });
  const client = createApiClient(server);
  try {
    const definition = JSON.stringify(SEVEN_PASS_STATES);
    const { stateMachineArn } = await client.call('CreateStateMachine', { name: 'bench', definition, roleArn: ROLE });
    const start = () => client.call('StartExecution', { stateMachineArn, input: '{"id":1}' });
    const { executionArn } = await start();
    const calls = {
      start,
      list: () => client.call('ListExecutions', { stateMachineArn, maxResults: 100 }),
      history: () => client.call('GetExecutionHistory', { executionArn }),
    };
    const before = heapBytes();
    let stored = 1;
    for (const goal of STORED) {
      for (; stored < goal; stored += 1) await start();
      const bytes = (heapBytes() - before) / stored;
      const times: string[] = [];
      for (const [name, call] of Object.entries(calls)) times.push(`${name} ${(await timeOf(call)).toFixed(2)} ms`);
      stored += CALLS;
      console.log(`${`${goal} executions stored`.padEnd(40)}${times.join(', ')}, ${(bytes / 1000).toFixed(1)} kB each`);
    }
    console.log('target: flat\n');
  } finally {
    client.close();
    await server.close();
  }
}

/** The middle one of many calls, in milliseconds. */
async function timeOf(call: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < CALLS; count += 1) {
    const begin = performance.now();
    await call();
    times.push(performance.now() - begin);
  }
  return median(times);
}

/** Bytes in use, after a collection where the process allows one (`--expose-gc`). */
function heapBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

async function benchItems(): Promise<void> {
  const machine = standardMachine('bench', MAP);
  for (const items of ITEMS) {
    const input = JSON.stringify({ items: Array.from({ length: items }, (_, id) => ({ id })) });
    const times: number[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const engine = createEngine({
        store: createMemoryStore(),
        runTask: rejectTask,
        createClock: () => createSkippingClock(Date.now),
      });
      const executionArn = `arn:aws:states:us-east-1:123456789012:execution:bench:${round}`;
      const begin = performance.now();
      engine.start(machine, { executionArn, name: String(round), input });
      await engine.finished(executionArn);
      if (round > 0) times.push(performance.now() - begin);
    }
    const time = median(times);
    console.log(
      `${`a Map of ${items} items`.padEnd(40)}${time.toFixed(1).padStart(8)} ms, ${((time / items) * 1000).toFixed(1)} us an item`,
    );
  }
  console.log('target: linear\n');
}
