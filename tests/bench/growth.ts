import { startStepFunctions } from '../../local/server/server.ts';
import { rejectTask } from '../../local/tasks/lambda.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { withDataDir } from './data-dir.ts';
import { benchItems } from './items.ts';
import { ROLE, SEVEN_PASS_STATES } from './machines.ts';
import { heapBytes, median } from './measure.ts';

const STORED = [1_000, 10_000, 100_000];
const CALLS = 300;
const IN_FLIGHT = 32;

/** How cost grows with the executions that are stored, with the items of a Map, and with the events of a history. */
export async function benchGrowth(): Promise<void> {
  await benchStored('in memory', {});
  await withDataDir((dataDir) => benchStored('in SQLite', { dataDir }));
  console.log('target: flat\n');
  await benchItems();
}

async function benchStored(kept: string, options: { readonly dataDir?: string }): Promise<void> {
  const server = await startStepFunctions({ runTask: rejectTask, ...options });
  const client = createApiClient(server.url, IN_FLIGHT);
  try {
    const definition = JSON.stringify(SEVEN_PASS_STATES);
    const { stateMachineArn } = await client.call('CreateStateMachine', { name: 'bench', definition, roleArn: ROLE });
    const start = () => client.call('StartExecution', { stateMachineArn, input: '{"id":1}' });
    const { executionArn } = await start();
    const calls = {
      start,
      list: () => client.call('ListExecutions', { stateMachineArn, maxResults: 100 }),
      describe: () => client.call('DescribeExecution', { executionArn }),
      history: () => client.call('GetExecutionHistory', { executionArn }),
    };
    const before = heapBytes();
    let stored = 1;
    for (const goal of STORED) {
      await fill(start, goal - stored);
      stored = goal;
      await settle(client, stateMachineArn);
      const bytes = (heapBytes() - before) / stored;
      const times: string[] = [];
      for (const [name, call] of Object.entries(calls)) times.push(`${name} ${(await timeOf(call)).toFixed(2)}`);
      stored += CALLS;
      console.log(
        `${`${goal} executions ${kept}`.padEnd(40)}${times.join(', ')} ms, ${(bytes / 1000).toFixed(1)} kB of memory each`,
      );
    }
  } finally {
    client.close();
    await server.close();
  }
}

/** Starts as many executions, many at a time. */
async function fill(start: () => Promise<unknown>, count: number): Promise<void> {
  let left = count;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await start();
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
}

/** Resolves when no execution runs. */
async function settle(client: ApiClient, stateMachineArn: unknown): Promise<void> {
  const running = { stateMachineArn, statusFilter: 'RUNNING', maxResults: 1 };
  while (((await client.call('ListExecutions', running))['executions'] as unknown[]).length > 0);
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
