import { describe, expect, test } from '@jest/globals';
import { HistoryLines } from '../../../cli/log/history-lines.ts';
import { formatLine, type LogLine } from '../../../cli/log/log-line.ts';
import { readDefinition } from '../../../statemachine/definition.ts';
import {
  called,
  entered,
  exited,
  failed,
  history,
  lambdaCause,
  type Recorded,
  started,
  succeeded,
  validated,
} from './events.ts';

const PRIMARY = 'global.anthropic.claude-haiku-5-5';
const SECOND = 'global.anthropic.claude-haiku-4-5-20251001-v1:0';

function readLines(events: readonly Recorded[], logContent = true): LogLine[] {
  const lines = new HistoryLines(JSON.stringify(readDefinition()), logContent);
  return history(events).flatMap((event) => lines.read(event));
}

function readTexts(events: readonly Recorded[], logContent = true): string[] {
  return readLines(events, logContent).map((line) => formatLine(line, false));
}

const timedOut: Recorded = {
  type: 'TaskTimedOut',
  second: 200,
  taskTimedOutEventDetails: { resourceType: 'lambda', resource: 'invoke', error: 'States.Timeout' },
};

describe('the lines of an execution', () => {
  test('one failure, then an answer: the lines of the original, in its form', () => {
    const cause = lambdaCause('ModelTimeoutException', 'Model has timed out.');
    expect(
      readTexts([
        started(0, { prompt: 'hi' }),
        ...validated(),
        entered(0, 'InvokeModel'),
        ...called(0, { modelId: PRIMARY }),
        failed(3, 'ModelTimeoutException', cause),
        ...called(5, { modelId: PRIMARY }),
        succeeded(7, { response: 'Hello!', warnings: [] }),
        exited(7, 'InvokeModel'),
        entered(7, 'LogResponse'),
        ...called(7),
        succeeded(7),
        exited(7, 'LogResponse'),
        { type: 'ExecutionSucceeded', second: 7, executionSucceededEventDetails: { output: '{}' } },
      ]),
    ).toEqual([
      '[INFO 2025-06-21 16:02:20.584000] Received prompt: hi',
      '[ERROR 2025-06-21 16:02:23.584000] Claude invocation failed: ModelTimeoutException: Model has timed out.',
      '[INFO 2025-06-21 16:02:23.584000] Retrying in 2 seconds...',
      '[SUCCESS 2025-06-21 16:02:27.584000] Claude responded successfully',
      '[INFO 2025-06-21 16:02:27.584000] Response: Hello!',
    ]);
  });

  test('each line carries the event name that the functions log under', () => {
    const events = [
      started(0, { prompt: 'hi' }),
      entered(0, 'InvokeModel'),
      ...called(0),
      failed(0, 'ModelErrorException', ''),
      ...called(2),
      failed(2, 'ResourceNotFoundException', ''),
      entered(2, 'InvokeModel'),
      ...called(2, { modelId: SECOND }),
      succeeded(2, { response: 'Hello!' }),
    ];
    expect(readLines(events).map(({ event }) => event)).toEqual([
      'prompt_received',
      'invocation_failed',
      'retry',
      'invocation_failed',
      'fallback',
      'model_responded',
      'response',
    ]);
  });

  test('throttling says the upper bound of its jittered delay, which doubles', () => {
    const throttle = (second: number) => failed(second, 'ThrottlingException', '');
    expect(
      readTexts([
        entered(0, 'InvokeModel'),
        ...called(0),
        throttle(0),
        ...called(1),
        throttle(1),
        ...called(2),
        throttle(2),
      ]),
    ).toEqual([
      '[ERROR 2025-06-21 16:02:20.584000] Claude invocation failed: ThrottlingException',
      '[INFO 2025-06-21 16:02:20.584000] Retrying in up to 2 seconds...',
      '[ERROR 2025-06-21 16:02:21.584000] Claude invocation failed: ThrottlingException',
      '[INFO 2025-06-21 16:02:21.584000] Retrying in up to 4 seconds...',
      '[ERROR 2025-06-21 16:02:22.584000] Claude invocation failed: ThrottlingException',
    ]);
  });

  test('a delay of one second is in the singular', () => {
    const lines = new HistoryLines(JSON.stringify(readDefinition({ retryDelaySeconds: 1 })), true);
    const events = history([entered(0, 'InvokeModel'), ...called(0), failed(0, 'ModelErrorException', '')]);
    expect(events.flatMap((event) => lines.read(event)).map(({ text }) => text)).toEqual([
      'Claude invocation failed: ModelErrorException',
      'Retrying in 1 second...',
    ]);
  });

  test('a fallback names the model asked next, once, and its retries are counted from the start', () => {
    const fail = (second: number) => [...called(second, { modelId: SECOND }), failed(second, 'EmptyResponseError', '')];
    expect(
      readLines([
        entered(0, 'InvokeModel'),
        ...called(0, { modelId: PRIMARY }),
        failed(0, 'ResourceNotFoundException', lambdaCause('ResourceNotFoundException', 'Gone.')),
        exited(0, 'InvokeModel'),
        entered(0, 'NextModel', 'Choice'),
        exited(0, 'NextModel', 'Choice'),
        entered(0, 'InvokeModel'),
        ...[0, 2, 4].flatMap(fail),
      ]).map(({ text }) => text),
    ).toEqual([
      'Claude invocation failed: ResourceNotFoundException: Gone.',
      `Falling back to ${SECOND}...`,
      'Claude invocation failed: EmptyResponseError',
      'Retrying in 2 seconds...',
      'Claude invocation failed: EmptyResponseError',
      'Retrying in 2 seconds...',
      'Claude invocation failed: EmptyResponseError',
    ]);
  });

  test('a state timeout has no cause, and a cut cause shows as far as it goes', () => {
    const cut = lambdaCause('ModelErrorException', 'A long message').slice(0, 60);
    expect(
      readLines([
        entered(0, 'InvokeModel'),
        ...called(0),
        timedOut,
        entered(200, 'InvokeModel'),
        ...called(200, { modelId: SECOND }),
        failed(201, 'ModelErrorException', cut),
      ]).map(({ text }) => text),
    ).toEqual([
      'Claude invocation failed: States.Timeout',
      `Falling back to ${SECOND}...`,
      'Claude invocation failed: ModelErrorException: A long me…',
      'Retrying in 2 seconds...',
    ]);
  });

  test('another state is named, with its own retries', () => {
    expect(
      readLines([
        entered(0, 'LogResponse'),
        ...called(0),
        failed(0, 'Lambda.TooManyRequestsException', 'Rate exceeded.'),
        ...called(2),
        failed(2, 'TypeError', lambdaCause('TypeError', 'x is undefined')),
      ]).map(({ level, text, event }) => ({ level, text, event })),
    ).toEqual([
      { level: 'ERROR', event: undefined, text: 'LogResponse failed: Lambda.TooManyRequestsException: Rate exceeded.' },
      { level: 'INFO', event: 'retry', text: 'Retrying in 2 seconds...' },
      { level: 'ERROR', event: undefined, text: 'LogResponse failed: TypeError: x is undefined' },
    ]);
  });

  test('an expression that cannot be evaluated fails its state', () => {
    const evaluationFailed: Recorded = {
      type: 'EvaluationFailed',
      second: 0,
      evaluationFailedEventDetails: {
        error: 'States.QueryEvaluationError',
        cause: 'No value.',
        location: 'Output',
        state: 'LogResponse',
      },
    };
    expect(readLines([entered(0, 'LogResponse'), evaluationFailed]).map(({ text }) => text)).toEqual([
      'LogResponse failed: States.QueryEvaluationError: No value.',
    ]);
  });

  test('a refused input ends the pipeline, its error said once', () => {
    const cause = lambdaCause('InvalidInputError', 'prompt: found nothing, allowed is text');
    expect(
      readLines([
        started(0, {}),
        entered(0, 'ValidateInput'),
        ...called(0),
        failed(0, 'InvalidInputError', cause),
        exited(0, 'ValidateInput'),
        entered(0, 'PipelineFailed', 'Fail'),
        {
          type: 'ExecutionFailed',
          second: 0,
          executionFailedEventDetails: {
            error: 'InvalidInputError',
            cause: 'InvalidInputError: prompt: found nothing, allowed is text',
          },
        },
      ]).map(({ text, event }) => [event, text]),
    ).toEqual([
      ['prompt_received', 'Received prompt: '],
      ['input_rejected', 'ValidateInput failed: InvalidInputError: prompt: found nothing, allowed is text'],
      ['pipeline_failed', 'Pipeline failed: InvalidInputError: prompt: found nothing, allowed is text'],
    ]);
  });

  test.each([
    ['ExecutionTimedOut', 'Pipeline timed out'],
    ['ExecutionAborted', 'Pipeline stopped'],
    ['ExecutionFailed', 'Pipeline failed: Error'],
  ] as const)('%s ends it with "%s"', (type, text) => {
    expect(readLines([{ type, second: 0 }]).map((line) => [line.level, line.text])).toEqual([['ERROR', text]]);
  });

  test('warnings of an answer follow it', () => {
    const answer = succeeded(0, { response: 'Once', warnings: ['The answer was cut at 1 token'] });
    expect(readLines([entered(0, 'InvokeModel'), ...called(0), answer]).map(({ text }) => text)).toEqual([
      'Claude responded successfully',
      'Response: Once',
      'Warning: The answer was cut at 1 token',
    ]);
  });

  test('what an answer cost is told last, with its parts', () => {
    const estimatedCost = { modelUsd: 0.000182, stepFunctionsUsd: 0.000175, lambdaUsd: 0.000006267 };
    const answer = succeeded(0, { response: 'Once', warnings: ['A warning'], estimatedCost });
    expect(readLines([entered(0, 'InvokeModel'), ...called(0), answer]).map(({ text }) => text)).toEqual([
      'Claude responded successfully',
      'Response: Once',
      'Warning: A warning',
      'Estimated cost: $0.000363 (model $0.000182, Step Functions $0.000175, Lambda $0.000006)',
    ]);
  });

  test('without content neither prompt nor answer is told, only its length', () => {
    const answer = succeeded(0, { response: 'Secret answer' });
    const events = [started(0, { prompt: 'secret' }), entered(0, 'InvokeModel'), ...called(0), answer];
    expect(readTexts(events, false)).toEqual([
      '[INFO 2025-06-21 16:02:20.584000] Received prompt: 6 characters',
      '[SUCCESS 2025-06-21 16:02:20.584000] Claude responded successfully',
      '[INFO 2025-06-21 16:02:20.584000] Response: 13 characters',
    ]);
  });
});

test('the state of an error is the one where it arose, not the one that reported it', () => {
  const lines = new HistoryLines(JSON.stringify(readDefinition()), true);
  const events = history([
    entered(0, 'InvokeModel'),
    ...called(0),
    failed(0, 'AccessDeniedException', ''),
    entered(0, 'LogFailure'),
    ...called(0),
    failed(0, 'TypeError', ''),
    entered(0, 'PipelineFailed', 'Fail'),
  ]);
  for (const event of events) lines.read(event);
  expect([lines.stateOf('AccessDeniedException'), lines.stateOf('TypeError'), lines.stateOf('States.Runtime')]).toEqual(
    ['InvokeModel', 'LogFailure', 'PipelineFailed'],
  );
  expect(lines.entry).toEqual({ name: 'PipelineFailed', eventId: 9 });
});
