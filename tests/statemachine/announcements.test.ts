import { describe, expect, test } from '@jest/globals';
import { StateFailure } from '../../local/asl/errors.ts';
import { PIPELINE_SOURCE } from '../../statemachine/events.ts';
import { type Announcement, FIRST_MODEL, type Reply, runPipeline, SECOND_MODEL } from '../support/pipeline.ts';
import { eventLines } from '../support/run.ts';

const PROMPT = { prompt: 'Tell me a joke', metadata: { team: 'a' } };
const ANSWER: Reply = { text: 'Why did the Lambda go home?' };
const EXECUTION = 'arn:aws:states:us-east-1:123456789012:execution:machine:run-1';

/** Runs the pipeline and gives what it announced, too. */
async function run(input: object, replies: Reply[], options: Parameters<typeof runPipeline>[2] = {}) {
  const announced: Announcement[] = [];
  const ended = await runPipeline(input, replies, { announce: (entry) => announced.push(entry), ...options });
  return { ...ended, announced };
}

describe('PipelineSucceeded', () => {
  test('has the output, whose it is and where it comes from', async () => {
    const { end, announced } = await run(PROMPT, [ANSWER]);
    expect(announced).toEqual([
      {
        EventBusName: 'bus',
        Source: PIPELINE_SOURCE,
        DetailType: 'PipelineSucceeded',
        Detail: { ...JSON.parse(end.output ?? ''), executionArn: EXECUTION, metadata: { team: 'a' } },
      },
    ]);
    expect(JSON.parse(end.output ?? '')).toMatchObject({ requestId: 'run-1', response: 'Why did the Lambda go home?' });
  });

  test('has no answer where answers may not leave', async () => {
    const { end, announced } = await run(PROMPT, [ANSWER], { announceContent: false });
    const output = JSON.parse(end.output ?? '');
    expect(output.response).toBe('Why did the Lambda go home?');
    expect(announced.map(({ Detail }) => Detail)).toEqual([
      { ...output, response: null, executionArn: EXECUTION, metadata: { team: 'a' } },
    ]);
  });
});

describe('PipelineFailed', () => {
  test('has error and cause of the execution, and every model', async () => {
    const { end, announced } = await run(PROMPT, [
      { error: 'ResourceNotFoundException' },
      { error: 'ValidationException' },
    ]);
    expect(announced).toEqual([
      {
        EventBusName: 'bus',
        Source: PIPELINE_SOURCE,
        DetailType: 'PipelineFailed',
        Detail: {
          requestId: 'run-1',
          executionArn: EXECUTION,
          error: 'ValidationException',
          cause: end.cause,
          modelId: SECOND_MODEL,
          attempts: 2,
          failures: [
            { modelId: FIRST_MODEL, error: 'ResourceNotFoundException', attempts: 1 },
            { modelId: SECOND_MODEL, error: 'ValidationException', attempts: 1 },
          ],
          metadata: { team: 'a' },
        },
      },
    ]);
  });

  test('of an input that is refused names no model', async () => {
    const { end, announced } = await run({ prompt: ' ' }, []);
    expect(announced.map(({ Detail }) => Detail)).toEqual([
      {
        requestId: 'run-1',
        executionArn: EXECUTION,
        error: 'InvalidInputError',
        cause: end.cause,
        modelId: null,
        attempts: 0,
        failures: [],
        metadata: {},
      },
    ]);
  });
});

describe('an announcement that fails', () => {
  const refused = (times: number) => () => {
    if (times > 0) throw new StateFailure('EventBridge.FailedEntry', '{"FailedEntryCount":1}');
  };

  test('is made again', async () => {
    let calls = 0;
    const { end, events } = await run(PROMPT, [ANSWER], { announce: () => refused(2 - calls++)() });
    expect(end.status).toBe('SUCCEEDED');
    const lines = eventLines(events).map((line) => line.split(' ').slice(2).join(' '));
    expect(lines.slice(16)).toEqual([
      'TaskStateEntered AnnounceSuccess',
      'TaskScheduled',
      'TaskStarted',
      'TaskFailed EventBridge.FailedEntry',
      'TaskScheduled',
      'TaskStarted',
      'TaskFailed EventBridge.FailedEntry',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited AnnounceSuccess',
      'SucceedStateEntered PipelineSucceeded',
      'SucceedStateExited PipelineSucceeded',
      'ExecutionSucceeded',
    ]);
  });

  test.each([
    ['is refused', { announce: refused(1) }],
    ['is not answered', { hangs: ({ stateName }: { stateName: string }) => stateName.startsWith('Announce') }],
  ])('as it %s loses neither the answer nor the error', async (_, options) => {
    const without = await run(PROMPT, [ANSWER]);
    expect((await run(PROMPT, [ANSWER], options)).end).toEqual(without.end);
    const failing: Reply[] = [{ error: 'ValidationException' }];
    const failed = await run(PROMPT, failing);
    expect(failed.end.error).toBe('ValidationException');
    expect((await run(PROMPT, failing, options)).end).toEqual(failed.end);
  });
});

test('an answer that fits no payload is announced with its first part, and with where all of it lies', async () => {
  const text = 'x'.repeat(258_000);
  const metadata = Object.fromEntries(
    Array.from({ length: 16 }, (_, index) => [`${index}`.padEnd(256, 'x'), 'y'.repeat(256)]),
  );
  const { end, announced } = await run({ prompt: 'Hi', metadata }, [{ text }]);
  const { response, responseUri } = JSON.parse(end.output ?? '');
  expect([response.length, responseUri]).toEqual([
    204_798,
    's3://payloads/responses/run-1.global.anthropic.claude-haiku-5-5.txt',
  ]);
  expect(announced.map(({ Detail }) => Detail)).toEqual([expect.objectContaining({ response, responseUri })]);
});
