import { expect, test } from '@jest/globals';
import { parseSimulateArguments, type SimulateOptions } from '../../../cli/arguments/simulate.ts';
import { readDefinition, withoutAnnouncements } from '../../../statemachine/definition.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const parse = (words: string[], env: Record<string, string> = {}) =>
  parseSimulateArguments(words, env, NOW) as SimulateOptions;
const QUOTA = ['--prompts', '10', '--rpm', '100'];

test('what is not given is assumed, or comes from the environment', () => {
  const { workload, ...rest } = parse(QUOTA, { MAX_TOKENS: '1000', RETRIES: '5' });
  expect(rest).toEqual({ concurrencies: undefined, isJson: false, chartFile: undefined });
  const { models, ...other } = workload;
  expect(models.map(({ modelId }) => modelId)).toEqual([
    'global.anthropic.claude-haiku-5-5',
    'global.anthropic.claude-haiku-4-5-20251001-v1:0',
  ]);
  expect(other).toEqual({
    prompts: 10,
    inputTokens: 500,
    outputTokens: 300,
    maxTokens: 1_000,
    quota: { requests: 100, tokens: undefined },
    latency: { p50: 4, p99: 12 },
    errorRate: 0.001,
    timeoutRate: 0,
    overheadMs: 200,
    seed: 1,
    definition: withoutAnnouncements(readDefinition({ retries: 5 })),
  });
});

test('every flag is read', () => {
  const words =
    '--prompts 7 --tpm 90000 --input-tokens 20 --output-tokens 30 --max-tokens 40 --latency-p50 1.5 --latency-p99 2 --error-rate 0.2 --timeout-rate .1 --overhead 0 --model us.anthropic.claude-haiku-5-5 --retries 0 --retry-delay 9 --seed -3 --concurrency 5,1 --chart c.svg --json';
  const { workload, ...rest } = parse(words.split(' '), {
    RETRIES: '5',
    MODEL_IDS: 'global.anthropic.claude-haiku-5-5',
  });
  expect(rest).toEqual({ concurrencies: [5, 1], isJson: true, chartFile: 'c.svg' });
  expect({ ...workload, models: workload.models.map(({ modelId }) => modelId) }).toEqual({
    prompts: 7,
    inputTokens: 20,
    outputTokens: 30,
    maxTokens: 40,
    models: ['us.anthropic.claude-haiku-5-5'],
    quota: { requests: undefined, tokens: 90_000 },
    latency: { p50: 1.5, p99: 2 },
    errorRate: 0.2,
    timeoutRate: 0.1,
    overheadMs: 0,
    seed: -3,
    definition: withoutAnnouncements(readDefinition({ retries: 0, retryDelaySeconds: 9 })),
  });
});

const ALIVE = ['claude-haiku-5-5', 'claude-haiku-4-5-20251001-v1:0']
  .flatMap((id) => ['us', 'eu', 'jp', 'au', 'global'].map((profile) => `${profile}.anthropic.${id}`))
  .join(', ');

test.each<[string, string]>([
  ['--rpm 5', '--prompts: found nothing, allowed is how many there are'],
  [
    '--prompts 5',
    '--rpm, --tpm: found neither, allowed is one of them or both, such as --rpm 1000 --tpm 4000000; npm run doctor shows those of the account',
  ],
  ['--prompts 0 --rpm 5', '--prompts: found "0", allowed is a whole number from 1 to 9007199254740991'],
  ['--prompts 5 --rpm 1.5', '--rpm: found "1.5", allowed is a whole number from 1 to 9007199254740991'],
  ['--prompts 5 --rpm 5 --max-tokens 100', '--output-tokens: found 300, allowed is at most 100, the --max-tokens'],
  ['--prompts 5 --rpm 5 --latency-p50 0', '--latency-p50: found "0", allowed is a number of seconds above 0'],
  ['--prompts 5 --rpm 5 --latency-p99 1', '--latency-p99: found 1, allowed is at least 4, the --latency-p50'],
  ['--prompts 5 --rpm 5 --error-rate 2', '--error-rate: found "2", allowed is a number from 0 to 1'],
  [
    '--prompts 5 --rpm 5 --error-rate 0.7 --timeout-rate 0.5',
    '--error-rate, --timeout-rate: found 0.7 and 0.5, allowed is shares that make at most 1 together',
  ],
  ['--prompts 5 --rpm 5 --concurrency 5,x', '--concurrency: found "x", allowed is a whole number from 1 to 10000'],
  ['--prompts 5 --rpm 5 --seed 1e9', '--seed: found "1e9", allowed is a whole number from -2147483648 to 2147483647'],
  ['--prompts 5 --rpm 5 --model gpt', `--model, MODEL_IDS: found "gpt", allowed is ${ALIVE}`],
  [
    '--prompts 5 --rpm 5 --model us.anthropic.claude-3-5-haiku-20241022-v1:0',
    `--model, MODEL_IDS: found "us.anthropic.claude-3-5-haiku-20241022-v1:0", which has reached its end of life, allowed is ${ALIVE}`,
  ],
  [
    '--prompts 5 --tpm 4000',
    '--tpm: found 4000, allowed is at least 4596: a request to global.anthropic.claude-haiku-5-5 reserves its input and the most tokens of its answer',
  ],
])('%s is refused', (words, message) => {
  expect(() => parse(words.split(' '))).toThrow(expect.objectContaining({ name: 'UsageError', message }));
});
