import { startStepFunctions } from '../../local/server/server.ts';
import { rejectTask } from '../../local/tasks/lambda.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { withDataDir } from './data-dir.ts';
import { ROLE, SEVEN_PASS_STATES } from './machines.ts';
import { percentile } from './measure.ts';

const EXECUTIONS = 2000;
const IN_FLIGHT = 32;
const TARGET_MS = 3;

/** Executions over HTTP, each from StartExecution until its history shows the end, one by one and many at a time. */
export async function benchHttp(): Promise<void> {
  await benchStore('in memory', {});
  await withDataDir((dataDir) => benchStore('in SQLite', { dataDir }));
  console.log(`target: p50 under ${TARGET_MS} ms in memory, 1 in flight; client and server are one process\n`);
}

async function benchStore(kept: string, options: { readonly dataDir?: string }): Promise<void> {
  const server = await startStepFunctions({ runTask: rejectTask, ...options });
  const client = createApiClient(server.url, IN_FLIGHT);
  try {
    const definition = JSON.stringify(SEVEN_PASS_STATES);
    const created = await client.call('CreateStateMachine', { name: 'bench', definition, roleArn: ROLE });
    const execute = () => execution(client, String(created['stateMachineArn']));
    await measure(execute, IN_FLIGHT); // warms up
    for (const inFlight of [1, IN_FLIGHT]) {
      const { seconds, times } = await measure(execute, inFlight);
      const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
      console.log(
        `${`7 Pass over HTTP, ${kept}, ${inFlight} in flight`.padEnd(40)}${(EXECUTIONS / seconds).toFixed(0).padStart(8)} executions/s, p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`,
      );
    }
  } finally {
    client.close();
    await server.close();
  }
}

/** Milliseconds of each execution, and seconds of all. */
async function measure(execute: () => Promise<void>, inFlight: number): Promise<{ seconds: number; times: number[] }> {
  const times: number[] = [];
  let started = 0;
  const work = async (): Promise<void> => {
    while (started < EXECUTIONS) {
      started += 1;
      const begin = performance.now();
      await execute();
      times.push(performance.now() - begin);
    }
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: inFlight }, work));
  return { seconds: (performance.now() - begin) / 1000, times };
}

async function execution(client: ApiClient, stateMachineArn: string): Promise<void> {
  const { executionArn } = await client.call('StartExecution', { stateMachineArn, input: '{"id":1}' });
  for (;;) {
    const { events } = await client.call('GetExecutionHistory', { executionArn });
    const last = (events as { readonly type: string }[]).at(-1);
    if (last?.type === 'ExecutionSucceeded') return;
  }
}
