import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import validate from 'asl-validator';
import jsonata from 'jsonata';
import { readDefinition, substitute, withoutAnnouncements } from '../../statemachine/definition.ts';
import { deployed, runPipeline } from '../support/pipeline.ts';

interface Retrier {
  MaxAttempts: number;
  IntervalSeconds: number;
  MaxDelaySeconds?: number;
}

const retriers = (policy: Parameters<typeof readDefinition>[0]): Retrier[] =>
  readDefinition(policy).States['InvokeModel']?.Retry ?? [];

describe('pipeline.asl.json', () => {
  test('is accepted by asl-validator', () => {
    const { isValid, errors } = validate(deployed());
    expect({ isValid, errors }).toEqual({ isValid: true, errors: [] });
  });

  test('has the states and the ways between them that the README shows', () => {
    const { StartAt, States } = readDefinition() as unknown as {
      StartAt: string;
      States: Record<string, Record<string, never>>;
    };
    const ways = Object.entries(States).map(([name, { Type, Next, Default, Choices = [], Catch = [] }]) =>
      [
        name,
        Type,
        ...new Set([
          Next,
          ...[...(Choices as { Next: string }[]), ...(Catch as { Next: string }[])].map((exit) => exit.Next),
          Default,
        ]),
      ].filter(Boolean),
    );
    expect([StartAt, ways]).toEqual([
      'ValidateInput',
      [
        ['ValidateInput', 'Task', 'InvokeModel', 'LogFailure'],
        ['InvokeModel', 'Task', 'LogResponse', 'NextModel', 'LogFailure'],
        ['NextModel', 'Choice', 'InvokeModel', 'LogFailure'],
        ['LogResponse', 'Task', 'AnnounceSuccess'],
        ['AnnounceSuccess', 'Task', 'PipelineSucceeded'],
        ['PipelineSucceeded', 'Succeed'],
        ['LogFailure', 'Task', 'AnnounceFailure'],
        ['AnnounceFailure', 'Task', 'PipelineFailed'],
        ['PipelineFailed', 'Fail'],
      ],
    ]);
  });

  test('allows 3 attempts 2 seconds apart, and backs off when throttled', () => {
    expect(retriers({})).toEqual([
      expect.objectContaining({
        ErrorEquals: ['ThrottlingException'],
        IntervalSeconds: 2,
        MaxAttempts: 2,
        BackoffRate: 2,
        MaxDelaySeconds: 30,
        JitterStrategy: 'FULL',
      }),
      expect.objectContaining({ IntervalSeconds: 2, MaxAttempts: 2, BackoffRate: 1 }),
    ]);
  });

  test('keeps every placeholder inside a string', () => {
    const text = readFileSync('statemachine/pipeline.asl.json', 'utf8');
    const placeholders = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name);
    expect([...new Set(placeholders)].sort()).toEqual([
      'AnnounceContent',
      'Announcements',
      'EventBusName',
      'InvokeModelFunctionArn',
      'LogFailureFunctionArn',
      'LogResponseFunctionArn',
      'Partition',
      'ValidateInputFunctionArn',
    ]);
  });
});

// No document promises RetryCount to catchers; $sum leaves out what is not there.
test.each([
  [{}, 3, 6, 1],
  [{ RetryCount: 2 }, 5, 8, 3],
])('what catchers count with the context %j, whether or not it has RetryCount', async (State, all, steps, here) => {
  const failures = [{ modelId: 'first', error: 'E', cause: 'C', attempts: here }];
  const counted = { attempts: all, transitions: steps, failures, failure: { Error: 'E', Cause: 'C' } };
  const { Catch = [] } = deployed().States['InvokeModel'] as { Catch?: { Assign: Record<string, string> }[] };
  const states = { context: { State }, errorOutput: { Error: 'E', Cause: 'C' } };
  const variables = {
    states,
    attempts: 2,
    transitions: 5,
    failures: [],
    request: { modelIds: ['first'] },
    modelIndex: 0,
  };
  const evaluate = (text: string) => jsonata(text.slice(2, -2)).evaluate(null, variables);
  const assigned = Catch.map(async ({ Assign }) =>
    Object.fromEntries(
      await Promise.all(Object.entries(Assign).map(async ([name, text]) => [name, await evaluate(text)] as const)),
    ),
  );
  // Arrays of JSONata carry a mark.
  expect(JSON.parse(JSON.stringify(await Promise.all(assigned)))).toEqual([counted, counted, counted, counted]);
});

test('nothing is announced where there is no event bus', () => {
  const { States } = withoutAnnouncements(readDefinition());
  expect([Object.keys(States), JSON.stringify(States).includes('"Announce')]).toEqual([
    ['ValidateInput', 'InvokeModel', 'NextModel', 'LogResponse', 'PipelineSucceeded', 'LogFailure', 'PipelineFailed'],
    false,
  ]);
  expect([States['LogResponse']?.['Next'], States['LogFailure']?.['Next']]).toEqual([
    'PipelineSucceeded',
    'PipelineFailed',
  ]);
});

describe('the retry policy', () => {
  test('is applied to both retriers', () => {
    const applied = retriers({ retries: 5, retryDelaySeconds: 7 });
    expect(applied.map(({ MaxAttempts, IntervalSeconds }) => [MaxAttempts, IntervalSeconds])).toEqual([
      [5, 7],
      [5, 7],
    ]);
    expect(applied[0]?.MaxDelaySeconds).toBe(30);
  });

  test('keeps MaxDelaySeconds above the delay', () => {
    expect(retriers({ retryDelaySeconds: 60 })[0]?.MaxDelaySeconds).toBe(61);
    const { isValid, errors } = validate(deployed({ retries: 0, retryDelaySeconds: 60 }));
    expect({ isValid, errors }).toEqual({ isValid: true, errors: [] });
  });

  test.each([
    [{ retries: -1 }, 'retries: found -1, allowed is a whole number from 0 to 99999999'],
    [{ retries: 1.5 }, 'retries: found 1.5, allowed is a whole number from 0 to 99999999'],
    [{ retryDelaySeconds: 0 }, 'retryDelaySeconds: found 0, allowed is a whole number from 1 to 99999999'],
    [{ retryDelaySeconds: Number.NaN }, 'retryDelaySeconds: found NaN, allowed is a whole number from 1 to 99999999'],
  ])('refuses %j', (policy, message) => {
    expect(() => readDefinition(policy)).toThrow(new RangeError(message));
  });
});

test('a placeholder without a value is refused by name', () => {
  expect(() => substitute(readDefinition(), { Partition: 'aws' })).toThrow(
    "The definition's placeholder ${ValidateInputFunctionArn} has no value",
  );
});

describe('the sample inputs', () => {
  const samples = readdirSync('statemachine/inputs').map((file) => [
    file,
    JSON.parse(readFileSync(`statemachine/inputs/${file}`, 'utf8')),
  ]);

  test.each(samples)('%s does what its name says', async (file, input) => {
    const { end } = await runPipeline(input, [{ text: 'an answer' }]);
    expect(end.status).toBe(file === 'invalid.json' ? 'FAILED' : 'SUCCEEDED');
  });
});
