import type { InvokeModelResult, PipelineRequest } from '../../functions/shared/contract.ts';
import { createSkippingClock } from '../../local/engine/clock.ts';
import { createEngine } from '../../local/engine/engine.ts';
import { createMemoryStore } from '../../local/store/memory.ts';
import { createLambdaTasks } from '../../local/tasks/lambda.ts';
import { deployed, withEventBus } from '../support/pipeline.ts';

const EXECUTIONS = 2000;
const IN_FLIGHT = 32;

const REQUEST: PipelineRequest = {
  requestId: 'bench',
  prompt: 'Tell me a joke',
  messages: [],
  modelIds: ['a-model'],
  inferenceConfig: { maxTokens: 4096 },
  metadata: {},
};

const RESULT: InvokeModelResult = {
  modelId: 'a-model',
  response: 'An answer.',
  responseUri: null,
  stopReason: 'end_turn',
  complete: true,
  warnings: [],
  usage: { inputTokens: 10, outputTokens: 20, totalTokens: 30 },
  estimatedCostUsd: 0,
  estimatedCost: { modelUsd: 0, stepFunctionsUsd: 0, lambdaUsd: 0 },
  latencyMs: 0,
};

/** Executions a second of pipeline.asl.json with functions that answer at once: the cost of the interpreter itself. */
export async function benchExecutions(): Promise<void> {
  const store = createMemoryStore();
  const handlers = {
    ValidateInput: () => REQUEST,
    InvokeModel: () => RESULT,
    LogResponse: () => null,
  };
  const runTask = withEventBus(createLambdaTasks(handlers, () => 'request'));
  const engine = createEngine({ store, runTask, createClock: () => createSkippingClock(Date.now) });
  const machine = {
    stateMachineArn: 'arn:aws:states:us-east-1:123456789012:stateMachine:pipeline',
    name: 'pipeline',
    type: 'STANDARD',
    roleArn: 'arn:aws:iam::123456789012:role/pipeline',
    definition: JSON.stringify(deployed()),
    creationDate: 0,
  } as const;
  let started = 0;
  const work = async (): Promise<void> => {
    while (started < EXECUTIONS) {
      started += 1;
      const executionArn = `arn:aws:states:us-east-1:123456789012:execution:pipeline:${started}`;
      const execution = engine.start(machine, { executionArn, name: String(started), input: '{"prompt":"hi"}' });
      await engine.finished(executionArn);
      if (execution.status !== 'SUCCEEDED')
        throw new Error(`An execution ended ${execution.status}: ${execution.cause}`);
    }
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
  const seconds = (performance.now() - begin) / 1000;
  const events = store.getEvents('arn:aws:states:us-east-1:123456789012:execution:pipeline:1').length;
  console.log(
    `pipeline.asl.json in-process            ${(EXECUTIONS / seconds).toFixed(0)} executions/s of ${events} events`,
  );
}
