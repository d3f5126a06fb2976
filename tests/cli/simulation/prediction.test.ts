import { setImmediate as macrotask } from 'node:timers/promises';
import { afterAll, expect, test } from '@jest/globals';
import { createChance, type Latency, spreadOf } from '../../../cli/simulation/chance.ts';
import { simulate } from '../../../cli/simulation/simulate.ts';
import type { Outcome } from '../../../cli/simulation/workload.ts';
import type { TokenUsage } from '../../../functions/shared/contract.ts';
import { DEFAULT_MODEL_IDS, findModel } from '../../../functions/shared/models.ts';
import type { QuotaPerMinute } from '../../../local/bedrock/quota.ts';
import { createEngine } from '../../../local/engine/engine.ts';
import { createMemoryStore } from '../../../local/store/memory.ts';
import type { TaskRunner } from '../../../local/tasks/task.ts';
import { start, stopAll } from '../../local/bedrock/helpers.ts';
import { createManualClock, type ManualClock } from '../../support/manual-clock.ts';
import { deployed, FIRST_MODEL, pipelineTasks } from '../../support/pipeline.ts';
import { NAMES, START } from '../../support/run.ts';
import { workload } from './workloads.ts';

afterAll(stopAll);

interface Setting {
  readonly prompts: number;
  readonly concurrency: number;
  readonly quota: QuotaPerMinute;
  readonly latency: Latency;
  readonly maxTokens: number;
  readonly modelIds: readonly string[];
}

type Figures = Pick<Outcome, 'seconds' | 'attempts' | 'throttled' | 'answered'>;

const PROMPT = 'Tell me something about state machines.';

/** Lets time pass whenever nobody does anything but wait for it. */
async function passTime(clock: ManualClock, isBusy: () => boolean, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    // What an event leads to takes turns of the event loop, and more of them where many executions go on at once.
    for (let quietTurns = 0; quietTurns < 5; quietTurns = isBusy() ? 0 : quietTurns + 1) await macrotask();
    const next = clock.next();
    if (!isOver() && next !== undefined) await clock.advance(Math.max(0, next - clock.now()));
  }
}

/** The pipeline itself on the embedded runtime, with the stand-in enforcing the quota, all in one virtual time. */
async function runForReal({ prompts, concurrency, quota, latency, maxTokens, modelIds }: Setting) {
  const clock = createManualClock(START);
  const { normal } = createChance(99);
  const calls = { all: 0, throttled: 0, thinking: 0, tasks: 0 };
  const standIn = await start({
    now: clock.now,
    quota,
    onRequest({ error }) {
      calls.all += 1;
      if (error === 'ThrottlingException') calls.throttled += 1;
    },
    think: () =>
      new Promise((resolve) => {
        calls.thinking += 1;
        clock.at(clock.now() + latency.p50 * Math.exp(spreadOf(latency) * normal()) * 1_000, () => {
          calls.thinking -= 1;
          resolve();
        });
      }),
  });
  const runPipelineTask = pipelineTasks(standIn.client);
  const runTask: TaskRunner = async (request, work) => {
    calls.tasks += 1;
    try {
      return await runPipelineTask(request, work);
    } finally {
      calls.tasks -= 1;
    }
  };
  const engine = createEngine({ store: createMemoryStore(), runTask, createClock: () => clock });
  const stateMachine = {
    stateMachineArn: NAMES.stateMachineArn,
    name: NAMES.stateMachineName,
    type: 'STANDARD' as const,
    roleArn: NAMES.roleArn,
    definition: JSON.stringify(deployed()),
    creationDate: START,
  };
  const input = JSON.stringify({ prompt: PROMPT, modelIds, inferenceConfig: { maxTokens } });
  let [begun, ended, answered] = [0, 0, 0];
  let usage: TokenUsage | undefined;
  const slot = async (): Promise<void> => {
    while (begun < prompts) {
      begun += 1;
      const name = `run-${begun}`;
      const executionArn = NAMES.executionArn.replace('run-1', name);
      const execution = engine.start(stateMachine, { executionArn, name, input });
      await engine.finished(executionArn);
      ended += 1;
      if (execution.status !== 'SUCCEEDED') continue;
      answered += 1;
      usage ??= (JSON.parse(execution.output ?? '') as { usage: TokenUsage }).usage;
    }
  };
  const slots = Array.from({ length: concurrency }, slot);
  await passTime(
    clock,
    () => calls.tasks > calls.thinking,
    () => ended === prompts,
  );
  await Promise.all(slots);
  const seconds = (clock.now() - START) / 1_000;
  return { usage, figures: { seconds, attempts: calls.all, throttled: calls.throttled, answered } };
}

/** The mean of what several seeds foretell. */
function foretell({ modelIds, ...setting }: Setting, { inputTokens, outputTokens }: TokenUsage): Figures {
  const models = modelIds.flatMap((modelId) => findModel(modelId) ?? []);
  const outcomes = [1, 2, 3, 4, 5].map((seed) =>
    simulate({ ...workload({ inputTokens, outputTokens, models, seed }), ...setting }),
  );
  const mean = (figure: keyof Figures) => outcomes.reduce((sum, outcome) => sum + outcome[figure], 0) / outcomes.length;
  return {
    seconds: mean('seconds'),
    attempts: mean('attempts'),
    throttled: mean('throttled'),
    answered: mean('answered'),
  };
}

/** closeTo allows half a unit of the digit given. */
const within10Percent = (value: number) => expect.closeTo(value, -Math.log10(2 * Math.max(0.1 * value, 1e-9)));

const SLOW = { p50: 4, p99: 12 };

test.each<[string, Setting]>([
  [
    'nothing is throttled',
    {
      prompts: 300,
      concurrency: 10,
      quota: { requests: 600 },
      latency: SLOW,
      maxTokens: 1_000,
      modelIds: DEFAULT_MODEL_IDS,
    },
  ],
  [
    'requests are throttled, and the next model answers',
    {
      prompts: 400,
      concurrency: 10,
      quota: { requests: 60 },
      latency: SLOW,
      maxTokens: 1_000,
      modelIds: DEFAULT_MODEL_IDS,
    },
  ],
  [
    'tokens are throttled, and there is no next model',
    {
      prompts: 400,
      concurrency: 10,
      quota: { tokens: 40_000 },
      latency: SLOW,
      maxTokens: 500,
      modelIds: [FIRST_MODEL],
    },
  ],
])(
  'the simulation foretells time, attempts, throttles and answers of a real run within 10 %% where %s',
  async (_, setting) => {
    const { usage, figures } = await runForReal(setting);
    if (!usage) throw new Error('No prompt was answered');
    const foretold = foretell(setting, usage);
    expect(figures).toEqual({
      seconds: within10Percent(foretold.seconds),
      attempts: within10Percent(foretold.attempts),
      throttled: within10Percent(foretold.throttled),
      answered: within10Percent(foretold.answered),
    });
  },
  300_000,
);
