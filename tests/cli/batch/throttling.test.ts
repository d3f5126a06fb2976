import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setImmediate as macrotask } from 'node:timers/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateStateMachineCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, expect, test } from '@jest/globals';
import { type BatchOptions, parseBatchArguments } from '../../../cli/arguments/batch.ts';
import { followRun } from '../../../cli/batch/follow.ts';
import { planBatch } from '../../../cli/batch/plan.ts';
import type { BatchState } from '../../../cli/batch/progress.ts';
import type { BatchTarget } from '../../../cli/batch/target.ts';
import { startStepFunctions } from '../../../local/server/server.ts';
import { createServiceTasks } from '../../../local/tasks/services/service-tasks.ts';
import type { TaskRunner } from '../../../local/tasks/task.ts';
import { readBatchDefinition } from '../../../statemachine/batch.ts';
import { substitute } from '../../../statemachine/definition.ts';
import { start, stopAll } from '../../local/bedrock/helpers.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { pipelineTasks } from '../../support/pipeline.ts';
import { START } from '../../support/run.ts';

afterAll(stopAll);

const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };
const arnOf = (state: string): string => `arn:aws:lambda:us-east-1:123456789012:function:${state}`;
const SUBSTITUTIONS = {
  Partition: 'aws',
  Announcements: '0',
  BatchBucketName: 'batches',
  ValidateInputFunctionArn: arnOf('ValidateInput'),
  InvokeModelFunctionArn: arnOf('InvokeModel'),
  LogResponseFunctionArn: arnOf('LogResponse'),
  LogFailureFunctionArn: arnOf('LogFailure'),
};
const line = (id: number): string => `{"requestId":"p-${id}","prompt":"Hi","inferenceConfig":{"maxTokens":1000}}\n`;

/** The options of `npm run batch` with these flags, and its plan for so many prompts. */
function plan(prompts: number, flags: readonly string[]) {
  const options = parseBatchArguments(['file', '--out', 'out', ...flags], {}) as BatchOptions;
  const staged = { prompts, left: 0, promptBytes: 15 * prompts, maxTokens: 1_000 * prompts };
  const planned = planBatch(
    { ...staged, withoutMaxTokens: 0, invalid: 0, problems: [] },
    { ...options, ...options.local, maxTokens: undefined, childType: 'STANDARD' },
  );
  return { options, planned };
}

/** Runs a batch on the stand-in that the flags ask for, follows it, and lets time pass whenever nobody does anything. */
async function run(prompts: number, maxConcurrency: number, { local }: BatchOptions) {
  const clock = createManualClock(START);
  let [throttled, thinking, busy, isOver] = [0, 0, 0, false];
  const wait = (ms: number) => new Promise<void>((done) => clock.at(clock.now() + ms, done));
  const standIn = await start({
    now: clock.now,
    quota: local.quota,
    onRequest: ({ error }) => {
      if (error === 'ThrottlingException') throttled += 1;
    },
    think: async () => {
      thinking += 1;
      await wait((local.latencySeconds ?? 0) * 1_000);
      thinking -= 1;
    },
  });
  const whileBusy = async <T>(work: Promise<T>): Promise<T> => {
    busy += 1;
    return work.finally(() => {
      busy -= 1;
    });
  };
  let url: string | undefined;
  const endpointOf = () => url;
  const service = { endpointOf, folder: resolve('.'), region: 'us-east-1', credentials: CREDENTIALS };
  const [callService, callPipeline] = [createServiceTasks(service), pipelineTasks(standIn.client)];
  const runTask: TaskRunner = (request, work) =>
    whileBusy((request.resource.includes(':aws-sdk:') ? callService : callPipeline)(request, work));
  const folder = mkdtempSync(join(tmpdir(), 'throttling-'));
  const server = await startStepFunctions({
    runTask,
    clock,
    createClock: () => clock,
    s3Dir: folder,
    s3Buckets: ['batches'],
  });
  url = server.url;
  const client = { endpoint: url, region: 'us-east-1', credentials: CREDENTIALS, maxAttempts: 1 };
  const [sfn, s3] = [new SFNClient(client), new S3Client(client)];
  try {
    const Body = Array.from({ length: prompts }, (_, id) => line(id)).join('');
    await s3.send(new PutObjectCommand({ Bucket: 'batches', Key: 'prompts', Body }));
    const definition = JSON.stringify(substitute(readBatchDefinition({ models: 2 }), SUBSTITUTIONS));
    const roleArn = 'arn:aws:iam::123456789012:role/r';
    const { stateMachineArn } = await sfn.send(new CreateStateMachineCommand({ name: 'batch', definition, roleArn }));
    const input = JSON.stringify({ key: 'prompts', maxConcurrency, items: prompts });
    const { executionArn = '' } = await sfn.send(new StartExecutionCommand({ stateMachineArn, input }));
    const busily = { send: (command: never) => whileBusy(sfn.send(command)) } as unknown as SFNClient;
    const target = {
      sfn: busily,
      poll: { firstMs: 250, mostMs: 250 },
      readPulse: async () => ({ throttled, retried: undefined, usdEach: undefined, isDayOver: false }),
    };
    const shown: BatchState[] = [];
    const following = followRun(target as unknown as BatchTarget, executionArn, {
      progress: { show: (state) => shown.push(state), end() {} },
      items: prompts,
      plannedUsdEach: undefined,
      signal: new AbortController().signal,
      now: clock.now,
      sleep: wait,
    }).finally(() => {
      isOver = true;
    });
    while (!isOver) {
      for (let quiet = 0; quiet < 5; quiet = busy > thinking ? 0 : quiet + 1) await macrotask();
      const next = clock.next();
      if (!isOver && next !== undefined) await clock.advance(Math.max(0, next - clock.now()));
    }
    const { status } = await following;
    const concurrencies = shown.map(({ concurrency }) => concurrency).filter((each, at, all) => each !== all[at - 1]);
    const { succeeded } = shown.at(-1) ?? {};
    return { status, succeeded, throttled, concurrencies, seconds: (clock.now() - START) / 1_000 };
  } finally {
    sfn.destroy();
    s3.destroy();
    await server.close();
    rmSync(folder, { recursive: true });
  }
}

const PROMPTS = 300;
const FLAGS = ['--rpm', '120', '--tpm', '1000000'];

test('at the planned concurrency nearly nothing is throttled, and the run takes as long as planned', async () => {
  const { options, planned } = plan(PROMPTS, FLAGS);
  expect(planned.concurrency).toBe(14);
  const { status, succeeded, throttled, seconds } = await run(PROMPTS, planned.concurrency, options);
  expect([status, succeeded]).toEqual(['SUCCEEDED', PROMPTS]);
  expect(throttled).toBeLessThan(PROMPTS / 20);
  expect(Math.abs(seconds / planned.seconds - 1)).toBeLessThan(0.2);
});

test('more at a time are throttled, halved until they fit, and all answered', async () => {
  const { options } = plan(PROMPTS, FLAGS);
  const { status, succeeded, throttled, concurrencies } = await run(PROMPTS, 40, options);
  expect([status, succeeded]).toEqual(['SUCCEEDED', PROMPTS]);
  expect(concurrencies.slice(0, 3)).toEqual([40, 20, 10]);
  expect(throttled).toBeGreaterThan(PROMPTS / 20);
});
