import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type ApiClient, createApiClient } from './api-client.ts';
import { withDataDir } from './data-dir.ts';
import type { ServerReport } from './load-server.ts';
import { ROLE } from './machines.ts';
import { percentile } from './measure.ts';

const RUNNING = 1000;
const CONNECTIONS = 100;
const SECONDS = Number(process.env['LOAD_SECONDS'] ?? 60);
/** From when on memory is compared with what it is at the end. */
const WARM_SECONDS = Math.min(10, SECONDS / 3);
const POLL_MS = 200;
const TARGET_BLOCK_MS = 100;

/** Runs for about two seconds: a wait, a function, branches, iterations. */
const TWO_SECONDS = {
  QueryLanguage: 'JSONata',
  StartAt: 'Wait',
  States: {
    Wait: { Type: 'Wait', Seconds: 2, Next: 'Call' },
    Call: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Arguments: { FunctionName: 'answer', Payload: '{% $states.input %}' },
      Output: '{% $states.result.Payload %}',
      Retry: [{ ErrorEquals: ['States.ALL'] }],
      Next: 'Both',
    },
    Both: {
      Type: 'Parallel',
      Branches: ['Left', 'Right'].map((name) => ({ StartAt: name, States: { [name]: { Type: 'Pass', End: true } } })),
      Next: 'Each',
    },
    Each: {
      Type: 'Map',
      ItemProcessor: { StartAt: 'Item', States: { Item: { Type: 'Pass', End: true } } },
      End: true,
    },
  },
};
/** Of such an execution. */
const EVENTS = 29;

/** A thousand executions at any time, for a minute, of a server in a process of its own. */
export async function benchLoad(): Promise<void> {
  await loadServer('in memory', '');
  await withDataDir((dataDir) => loadServer('in SQLite', dataDir));
  console.log(`target: no error, blocked for less than ${TARGET_BLOCK_MS} ms, memory flat in SQLite\n`);
}

async function loadServer(kept: string, dataDir: string): Promise<void> {
  const server = fork(fileURLToPath(new URL('load-server.ts', import.meta.url)), [dataDir]);
  const [url] = (await once(server, 'message')) as [string];
  const client = createApiClient(url, CONNECTIONS);
  const report = async (): Promise<ServerReport> => {
    const told = once(server, 'message');
    server.send('report');
    return ((await told) as [ServerReport])[0];
  };
  try {
    const definition = JSON.stringify(TWO_SECONDS);
    const { stateMachineArn } = await client.call('CreateStateMachine', { name: 'bench', definition, roleArn: ROLE });
    await report();
    const end = performance.now() + SECONDS * 1000;
    const starts: number[] = [];
    const errors: string[] = [];
    const work = async (): Promise<void> => {
      while (performance.now() < end) {
        await execution(client, stateMachineArn, starts).catch((error: Error) => errors.push(error.message));
      }
    };
    const working = Promise.all(Array.from({ length: RUNNING }, work));
    await sleep(1900);
    const burst = await report();
    await sleep(WARM_SECONDS * 1000);
    const warm = await report();
    await working;
    const last = await report();
    const later = last.longestBlockMs > warm.longestBlockMs ? last : warm;
    const blocked = [burst, later].map(describeBlock).join(', later ');
    const kB = (last.heap - warm.heap) / starts.length / 1000;
    console.log(
      `${`${RUNNING} executions at once, ${kept}`.padEnd(40)}${(starts.length / SECONDS).toFixed(0).padStart(8)} executions/s, ${errors.length} errors, start p50 ${percentile(starts, 0.5).toFixed(0)} ms, p99 ${percentile(starts, 0.99).toFixed(0)} ms, blocked ${blocked}, ${(last.heap / 1e6).toFixed(0)} MB, ${kB.toFixed(2)} kB each`,
    );
    for (const error of new Set(errors)) console.log(`  ${error}`);
  } finally {
    client.close();
    server.kill();
  }
}

function describeBlock({ longestBlockMs, longestBusyMs }: ServerReport): string {
  return `${longestBlockMs.toFixed(0)} ms (${longestBusyMs.toFixed(0)} of processor time)`;
}

/** Follows an execution to its end and counts its events. Adds to the milliseconds that starts took. */
async function execution(client: ApiClient, stateMachineArn: unknown, starts: number[]): Promise<void> {
  const begin = performance.now();
  const { executionArn } = await client.call('StartExecution', { stateMachineArn, input: '[1,2,3]' });
  starts.push(performance.now() - begin);
  await sleep(2000);
  for (;;) {
    await sleep(Math.random() * POLL_MS);
    const { status, output } = await client.call('DescribeExecution', { executionArn });
    if (status === 'RUNNING') continue;
    const { events } = await client.call('GetExecutionHistory', { executionArn });
    const found = `${status} ${output} ${(events as object[]).length}`;
    const expected = `SUCCEEDED [[1,2,3],[1,2,3]] ${EVENTS}`;
    if (found !== expected) throw new Error(`An execution came to ${found} events instead of ${expected}`);
    return;
  }
}
