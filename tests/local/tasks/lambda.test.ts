import { describe, expect, test } from '@jest/globals';
import type { StateFailure } from '../../../local/asl/errors.ts';
import { createLambdaTasks, type LambdaHandler } from '../../../local/tasks/lambda.ts';

/** The cause that Step Functions gets of a handler that fails. */
async function causeOf(handler: LambdaHandler) {
  const resource = 'arn:aws:lambda:us-east-1:123456789012:function:failing';
  const request = { resource, arguments: '{}', stateName: 'A', retryCount: 0, executionArn: 'e' };
  const run = createLambdaTasks({ failing: handler }, () => 'request-1');
  const failure = await run(request, new AbortController()).then(
    () => undefined,
    (error) => error as StateFailure,
  );
  return JSON.parse(failure?.cause ?? 'null') as { errorType: string; errorMessage: string; trace: string[] };
}

describe('the trace of a function that fails', () => {
  const breakDown = (): never => {
    throw new TypeError('broken');
  };

  test.each<[string, LambdaHandler]>([
    ['at once', () => breakDown()],
    [
      'later',
      async () => {
        await undefined;
        breakDown();
      },
    ],
  ])('names the function alone: %s', async (_, handler) => {
    const { errorType, errorMessage, trace } = await causeOf(handler);
    expect([errorType, errorMessage, trace[0]]).toEqual(['TypeError', 'broken', 'TypeError: broken']);
    expect(trace[1]).toContain('at breakDown');
    expect(trace.filter((line) => line.includes('/local/'))).toEqual(
      trace.filter((line) => line.includes('/tests/local/tasks/lambda.test.ts')),
    );
  });

  test('is empty for what is no error', async () => {
    const thrown: unknown = 'text';
    const cause = await causeOf(() => {
      throw thrown;
    });
    expect(cause).toEqual({ errorType: 'string', errorMessage: 'text', trace: [] });
  });
});
