import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { startStepFunctions } from '../../local/server/server.ts';
import { createLambdaTasks } from '../../local/tasks/lambda.ts';
import { heapBytes } from './measure.ts';

/** How a server in a process of its own fared since it was asked last. */
export interface ServerReport {
  /** The longest time that the event loop gave nobody a turn. */
  readonly longestBlockMs: number;
  /** The most processor time that went by without a turn: without what other processes took. */
  readonly longestBusyMs: number;
  /** Bytes in use after a collection. */
  readonly heap: number;
}

const RESOLUTION_MS = 1;
const FUNCTION_MS = 20;

const [, , dataDir = ''] = process.argv;
const { url } = await startStepFunctions({
  runTask: createLambdaTasks({ answer }, () => 'request'),
  ...(dataDir !== '' && { dataDir }),
});
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();
let longestBusyMs = 0;
let used = process.cpuUsage();
setInterval(() => {
  const { user, system } = process.cpuUsage(used);
  used = process.cpuUsage();
  longestBusyMs = Math.max(longestBusyMs, (user + system) / 1000);
}, RESOLUTION_MS);
process.on('message', async () => {
  const [longestBlockMs, busy] = [delay.max / 1e6, longestBusyMs];
  const report: ServerReport = { longestBlockMs, longestBusyMs: busy, heap: heapBytes() };
  await sleep(FUNCTION_MS); // the collection blocked the loop, too
  delay.reset();
  longestBusyMs = 0;
  process.send?.(report);
});
process.send?.(url);

async function answer(event: unknown): Promise<unknown> {
  await sleep(FUNCTION_MS);
  return event;
}
