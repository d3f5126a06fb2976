import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { estimateLambdaUsd, estimateModelUsd, estimateStepFunctionsUsd, sumCost } from '../../functions/shared/cost.ts';
import { DEFAULT_MODEL_IDS, findModel, type ModelEntry } from '../../functions/shared/models.ts';
import { FIRST_MODEL, type PipelineOptions, type PipelineRun, type Reply, runPipeline } from '../support/pipeline.ts';

const ANSWER: Reply = { text: 'Knock, knock.' };
const fails = (error: string, times = 1): Reply[] => Array.from({ length: times }, () => ({ error }));

/** As Step Functions bills them: the start, every state entered, and every retry. */
function billedTransitions({ events }: PipelineRun): number {
  const entered = events.filter(({ type }) => type.endsWith('StateEntered')).length;
  const tasks = events.filter(({ type }) => type === 'TaskStateEntered').length;
  const scheduled = events.filter(({ type }) => type === 'TaskScheduled').length;
  return 1 + entered + (scheduled - tasks);
}

/** A ValidateInput that Lambda throttles once. */
function busyOnce() {
  let calls = 0;
  return async () => {
    calls += 1;
    if (calls === 1) throw Object.assign(new Error('busy'), { name: 'Lambda.TooManyRequestsException' });
    const request = { requestId: 'r-1', prompt: 'p', messages: [], modelIds: [FIRST_MODEL], metadata: {} };
    return { ...request, inferenceConfig: { maxTokens: 10 } };
  };
}

describe('the estimated cost counts each state transition that the history shows', () => {
  test.each<[string, Reply[], PipelineOptions?]>([
    ['an answer at the first call', [ANSWER]],
    ['a retried validation', [ANSWER], { overrides: { ValidateInput: busyOnce() } }],
    ['two retries', [...fails('ModelTimeoutException', 2), ANSWER]],
    ['an answer of the second model', [...fails('ModelErrorException', 3), ANSWER]],
    [
      'an answer of the second model after retries',
      [...fails('ResourceNotFoundException'), ...fails('ModelErrorException'), ANSWER],
    ],
  ])('of %s', async (_, replies, options = {}) => {
    const run = await runPipeline({ prompt: 'Tell me a joke' }, replies, options);
    const { estimatedCost, estimatedCostUsd } = JSON.parse(run.end.output ?? '{}');
    const { modelUsd } = estimatedCost;
    const parts = {
      modelUsd,
      stepFunctionsUsd: estimateStepFunctionsUsd(billedTransitions(run)),
      lambdaUsd: estimateLambdaUsd(replies.length),
    };
    expect({ estimatedCostUsd, estimatedCost }).toEqual(sumCost(parts));
    expect(modelUsd).toBeGreaterThan(0);
    const [, , response] = run.log.find(([, event]) => event === 'response') ?? [];
    expect(response).toMatchObject({ estimatedCostUsd, estimatedCost });
  });

  test.each<[string, unknown, Reply[]]>([
    ['a refused input', {}, []],
    ['a model that refuses', { prompt: 'p' }, fails('ValidationException')],
    ['every model at its end', { prompt: 'p' }, fails('ModelErrorException', 6)],
    ['no model left', { prompt: 'p' }, [...fails('ResourceNotFoundException', 2)]],
  ])('of a failure: %s', async (_, input, replies) => {
    const run = await runPipeline(input, replies);
    expect(run.end.status).toBe('FAILED');
    const [, , { estimatedCost, attempts } = {}] = run.log.find(([, event]) => event === 'pipeline_failed') ?? [];
    const stepFunctionsUsd = estimateStepFunctionsUsd(billedTransitions(run));
    const lambdaUsd = estimateLambdaUsd(Number(attempts));
    expect(estimatedCost).toEqual(sumCost({ modelUsd: 0, stepFunctionsUsd, lambdaUsd }).estimatedCost);
  });
});

test('the README tells what 1,000 prompts cost', async () => {
  const transitions = billedTransitions(await runPipeline({ prompt: 'Tell me a joke' }, [ANSWER]));
  /** Of 1,000 prompts of 500 and 300 tokens, of which so many need one call of 2 seconds more. */
  const costs = (modelId: string | undefined, retries: number) => {
    const entry = findModel(modelId ?? '') as ModelEntry;
    const call = estimateLambdaUsd(1, 2_000);
    const retry = call - estimateLambdaUsd(0);
    return [
      1_000 * estimateModelUsd(entry, { inputTokens: 500, outputTokens: 300 }),
      estimateStepFunctionsUsd(1_000 * transitions + retries),
      1_000 * call + retries * retry,
    ];
  };
  const columns = DEFAULT_MODEL_IDS.flatMap((modelId) => [costs(modelId, 0), costs(modelId, 100)]);
  const row = (name: string, pick: (column: number[]) => number | undefined) =>
    `| ${name} | ${columns.map((column) => pick(column)?.toFixed(3)).join(' | ')} |`;
  const table = [
    '| | Haiku 5.5 | with 10 % retries | Haiku 4.5 | with 10 % retries |',
    '| - | - | - | - | - |',
    row('the model', ([model]) => model),
    row(`Step Functions, ${transitions} state transitions, and one a retry`, ([, stepFunctions]) => stepFunctions),
    row('Lambda, 3 calls, and one a retry', ([, , lambda]) => lambda),
    row('together', (column) => column.reduce((sum, part) => sum + part)),
  ];
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, section = ''] = /## Cost\n([\s\S]*?)\n## /.exec(readme) ?? [];
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  const bare = (line: string) => line.replace(/-+/g, '-').replace(/ +/g, ' ');
  expect(rows.map(bare)).toEqual(table.map(bare));
});
