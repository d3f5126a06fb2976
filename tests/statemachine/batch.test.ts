import { describe, expect, test } from '@jest/globals';
import validate from 'asl-validator';
import { runStateMachine } from '../../local/testing/run-state-machine.ts';
import { longestRunSeconds, readBatchDefinition } from '../../statemachine/batch.ts';
import {
  type ExecutionPolicy,
  readDefinition,
  substitute,
  withoutAnnouncements,
} from '../../statemachine/definition.ts';
import { runBatchMachine } from '../cli/batch/local-batch.ts';

interface MapState {
  readonly Type: string;
  readonly ItemProcessor: {
    readonly ProcessorConfig: object;
    readonly StartAt: string;
    readonly States: Readonly<Record<string, { Arguments?: { Payload?: Record<string, unknown> } }>>;
  };
}

function mapsOf(policy: Parameters<typeof readBatchDefinition>[0]): MapState[] {
  const states = Object.values(readBatchDefinition(policy).States) as unknown as MapState[];
  return states.filter(({ Type }) => Type === 'Map');
}

const PLACEHOLDERS = {
  Partition: 'aws',
  Announcements: '0',
  BatchBucketName: 'batch',
  ValidateInputFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:ValidateInput',
  InvokeModelFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:InvokeModel',
  LogResponseFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:LogResponse',
  LogFailureFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:LogFailure',
};

test('is accepted by asl-validator', () => {
  const { isValid, errors } = validate(substitute(readBatchDefinition({ models: 2 }), PLACEHOLDERS));
  expect({ isValid, errors }).toEqual({ isValid: true, errors: [] });
});

test('every Map runs the states of pipeline.asl.json, under the same policy, without announcements', () => {
  const policy = { retries: 1, retryDelaySeconds: 7, modelTimeoutSeconds: 30 };
  const { StartAt, States } = withoutAnnouncements(readDefinition(policy));
  const ProcessorConfig = { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' };
  expect(Object.keys(States)).toEqual(Object.keys(readDefinition().States).filter((name) => !/^Announce/.test(name)));
  const [lines, rows, objects] = mapsOf({ ...policy, models: 2 }).map(({ ItemProcessor }) => ItemProcessor);
  expect(lines).toEqual({ ProcessorConfig, StartAt, States });
  // But for the names of states, which are unique in a machine.
  const withoutSuffix = (suffix: string, value: unknown) => JSON.parse(JSON.stringify(value).replaceAll(suffix, ''));
  expect(JSON.stringify(rows)).toContain('"Next":"InvokeModelOfRow"');
  expect(withoutSuffix('OfRow', rows)).toEqual(lines);
  expect(withoutSuffix('OfObject', objects)).toEqual(lines);
});

test('no state of the machine itself has a Catch, so that RedriveExecution goes on', () => {
  const { States } = readBatchDefinition({ models: 1 });
  expect(Object.values(States).filter((state) => 'Catch' in state)).toEqual([]);
});

describe('the execution of a prompt', () => {
  // ValidateInput and a log: 3 attempts of 20 s, 2 s apart. InvokeModel: a call, 2 retries by each retrier, their waits.
  test.each([
    [{ models: 1 }, 64 + 200 + (2 * 200 + 2 + 4) + (2 * 200 + 2 + 2) + 64],
    [{ models: 2, retries: 0 }, 64 + 2 * 200 + 64],
    [{ models: 1, retries: 0, modelTimeoutSeconds: 100 }, 64 + 120 + 64],
  ])('of %j takes at most %i seconds', (policy, seconds) => {
    const { models, ...rest } = policy;
    expect(longestRunSeconds(readDefinition(rest as ExecutionPolicy), models)).toBe(seconds);
  });

  const type = (policy: Parameters<typeof readBatchDefinition>[0]) => mapsOf(policy)[0]?.ItemProcessor.ProcessorConfig;

  test('is EXPRESS where the longest fits its 5 minutes, else STANDARD, or as asked', () => {
    const quick = { models: 1, retries: 0, modelTimeoutSeconds: 100 };
    expect(type(quick)).toEqual({ Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' });
    expect(type({ models: 1 })).toEqual({ Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' });
    expect(type({ ...quick, childType: 'STANDARD' })).toEqual({ Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' });
    expect(() => readBatchDefinition({ models: 2, childType: 'EXPRESS', retries: 0 })).toThrow(
      new RangeError('childType: found EXPRESS for runs of up to 528 seconds, allowed is at most 300, or STANDARD'),
    );
  });
});

test('EXPRESS children tell the functions how long they have taken, which is what they cost', () => {
  const [lines] = mapsOf({ models: 1, retries: 0, modelTimeoutSeconds: 100 });
  const payloads = Object.values(lines?.ItemProcessor.States ?? {}).map(({ Arguments }) => Arguments?.Payload ?? {});
  const told = payloads.filter(({ expressMs }) => expressMs !== undefined);
  expect(told).toHaveLength(2);
  for (const { stateTransitions, expressMs } of told) {
    expect(stateTransitions).toBeDefined();
    expect(expressMs).toBe('{% $millis() - $toMillis($states.context.Execution.StartTime) %}');
  }
  expect(JSON.stringify(mapsOf({ models: 1 }))).not.toContain('expressMs');
});

describe('a run', () => {
  test('has a line for each item: its output, or its error under the id that it came with', async () => {
    const prompts = '{"prompt":"Hi","requestId":"a"}\n"Hello"\n{"prompt":"","requestId":"c"}\n[]\n';
    const input = { key: 'prompts', toleratedFailurePercentage: 50, items: 4 };
    const { status, output, results, mapRunArn } = await runBatchMachine(prompts, input);
    expect([status, output]).toEqual([
      'SUCCEEDED',
      {
        mapRunArn,
        results: { bucket: 'pipeline-batches', key: `results/run/${mapRunArn?.split(':').at(-1)}/manifest.json` },
        items: 4,
        succeeded: 2,
        failed: 2,
      },
    ]);
    expect(results).toEqual([
      expect.objectContaining({ requestId: 'a', complete: true }),
      expect.objectContaining({ requestId: '1', complete: true }),
      {
        requestId: 'c',
        error: 'InvalidInputError',
        cause: expect.stringContaining('prompt: found a string of 0 characters, allowed is text'),
      },
      {
        requestId: '3',
        error: 'InvalidInputError',
        cause: expect.stringContaining('prompt: found an array of 0 elements, allowed is text'),
      },
    ]);
  });

  test('reads CSV, whose columns are fields of the input', async () => {
    const prompts = 'requestId,prompt,system\na,Hi,Be brief\n,"Tell me\na ""joke"", please",\nc,,\n';
    const input = { key: 'prompts', type: 'CSV', toleratedFailurePercentage: 50, items: 3 };
    const { status, output, results } = await runBatchMachine(prompts, input);
    expect([status, output]).toMatchObject(['SUCCEEDED', { items: 3, succeeded: 2, failed: 1 }]);
    expect(results).toEqual([
      expect.objectContaining({ requestId: 'a', response: expect.stringMatching(/Hello!/) }),
      expect.objectContaining({ requestId: '1', response: expect.stringMatching(/Why did/) }),
      { requestId: 'c', error: 'InvalidInputError', cause: expect.stringContaining('prompt') },
    ]);
  });

  // "When you're using the CSV file format, the key name is URL-encoded and must be decoded before you can use it" (S3 User
  // Guide, "Amazon S3 Inventory list"); the Step Functions guide's ItemReader decodes nothing.
  test('reads S3 inventories, whose objects are prompts, with any characters in their keys', async () => {
    const manifest = {
      sourceBucket: 'pipeline-payloads',
      destinationBucket: 'arn:aws:s3:::inventories',
      fileFormat: 'CSV',
      fileSchema: 'Bucket, Key, Size',
      files: [{ key: 'data/1.csv' }, { key: 'data/2.csv' }],
    };
    const objects = {
      'inventories/data/1.csv':
        '"pipeline-payloads","prompts/a.txt","2"\n"pipeline-payloads","prompts/my+%2B+100%25+%C3%BC.txt","14"\n',
      'inventories/data/2.csv': '"pipeline-payloads","prompts/none.txt","2"\n',
      'pipeline-payloads/prompts/a.txt': 'Hi',
      'pipeline-payloads/prompts/my + 100% ü.txt': 'Tell me a joke',
    };
    const input = { key: 'prompts', type: 'MANIFEST', toleratedFailurePercentage: 50 };
    const { status, output, results } = await runBatchMachine(JSON.stringify(manifest), input, { objects });
    expect([status, output]).toMatchObject(['SUCCEEDED', { items: 3, succeeded: 2, failed: 1 }]);
    expect(results).toEqual([
      expect.objectContaining({ requestId: '0', response: expect.stringMatching(/Hello!/) }),
      expect.objectContaining({ requestId: '1', response: expect.stringMatching(/Why did/) }),
      {
        requestId: '2',
        error: 'InvalidInputError',
        cause: expect.stringContaining('s3://pipeline-payloads/prompts/none.txt'),
      },
    ]);
  });

  test('ends where more prompts fail than are tolerated', async () => {
    const prompts = '{"prompt":"Hi","requestId":"a"}\n{"prompt":"Hi","requestId":"b"}\n';
    const input = { key: 'prompts', maxConcurrency: 1, toleratedFailurePercentage: 40 };
    const { status, error, results } = await runBatchMachine(prompts, input, { faults: ['AccessDeniedException'] });
    expect([status, error]).toEqual(['FAILED', 'States.ExceedToleratedFailureThreshold']);
    expect(results).toEqual([{ requestId: 'a', error: 'AccessDeniedException', cause: expect.any(String) }]);
  });

  test('fails when it does not have as many items as it was told', async () => {
    const { status, error, cause } = await runBatchMachine('{"prompt":"Hi"}\n', { key: 'prompts', items: 2 });
    expect([status, error, cause]).toEqual([
      'FAILED',
      'IncompleteBatchError',
      'items: found 1 of 2, of which 1 succeeded, 0 failed and 1 are written; allowed is a result or a failure for each',
    ]);
  });

  // What AWS counts: a run of 1,021 items of which 20 failed, as tolerated, had 1,021 results written (aws-samples, re:Invent
  // 2023 API312, "Handling intermediate failures").
  const COUNTS = { Total: 1_021, Succeeded: 1_001, Failed: 20, TimedOut: 0, Aborted: 0, ResultsWritten: 1_021 };
  const INCOMPLETE = (counts: string) =>
    `items: found ${counts} are written; allowed is a result or a failure for each`;
  test.each([
    ['is complete when what succeeded and what failed is written', {}, 0, undefined],
    [
      'is not when a result is missing',
      { ResultsWritten: 1_020 },
      0,
      INCOMPLETE('1021, of which 1001 succeeded, 20 failed and 1020'),
    ],
    [
      'is not when there are more results than items',
      { ResultsWritten: 1_022 },
      0,
      INCOMPLETE('1021, of which 1001 succeeded, 20 failed and 1022'),
    ],
    [
      'is not when an item neither succeeded nor failed',
      { Succeeded: 1_000 },
      0,
      INCOMPLETE('1021, of which 1000 succeeded, 20 failed and 1021'),
    ],
    ['is complete after a redrive, which writes what it ran itself', { ResultsWritten: 20 }, 1, undefined],
  ])('%s', async (_, counts, RedriveCount, cause) => {
    const { States } = substitute(readBatchDefinition({ models: 1 }), PLACEHOLDERS);
    const { CountItems, CheckCompleteness, BatchSucceeded, BatchIncomplete } = States;
    const ended = {
      Type: 'Pass',
      Assign: { batch: { items: null } },
      Output: { MapRunArn: 'arn', ResultWriterDetails: { Bucket: 'b', Key: 'k' } },
      Next: 'CountItems',
    };
    const definition = {
      QueryLanguage: 'JSONata',
      StartAt: 'Ended',
      States: { Ended: ended, CountItems, CheckCompleteness, BatchSucceeded, BatchIncomplete },
    };
    const tasks = { CountItems: [{ return: { ItemCounts: { ...COUNTS, ...counts }, RedriveCount } }] };
    const run = await runStateMachine(definition, { tasks });
    expect([run.status, run.error, run.cause]).toEqual(
      cause === undefined ? ['SUCCEEDED', undefined, undefined] : ['FAILED', 'IncompleteBatchError', cause],
    );
  });

  test.each([
    [{ key: 'prompts', type: 'XML' }, 'found type XML and key prompts'],
    [{}, 'found type JSONL and key null'],
  ])('of the input %j is refused', async (input, found) => {
    const { status, error, cause } = await runBatchMachine('', input);
    expect([status, error, cause]).toEqual([
      'FAILED',
      'InvalidInputError',
      `input: ${found}, allowed is a key, and JSONL, CSV or MANIFEST as type`,
    ]);
  });

  test('stops when the tokens of the day are used up, and nothing more is asked', async () => {
    const prompts = Array.from({ length: 30 }, (_, index) => `{"prompt":"Hi","requestId":"p-${index}"}\n`).join('');
    const input = { key: 'prompts', maxConcurrency: 1, toleratedFailurePercentage: 100 };
    const { status, isDayOver, results } = await runBatchMachine(prompts, input, { faults: ['DailyQuota'] });
    expect([status, isDayOver]).toEqual(['FAILED', true]);
    expect(results.length).toBeLessThan(30);
  });
});
