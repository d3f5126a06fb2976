import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { toPipelineError } from '../../../functions/invoke-model/bedrock-errors.ts';
import { EmptyResponseError } from '../../../functions/shared/errors.ts';

const MODEL = 'global.anthropic.claude-haiku-5-5';
const SECRET = 'the text of a prompt';
const WITHHELD = 'message withheld, as content is not logged';

const failure = (facts: Record<string, unknown>, message = `malformed: ${SECRET}`) =>
  Object.assign(new Error(message), facts);

describe('the error of a call whose content is not logged', () => {
  test.each([
    [
      'of Bedrock keeps its name and its request id',
      failure({ name: 'ValidationException', $metadata: { httpStatusCode: 400, requestId: 'r-1' } }),
      ['ValidationException', `${WITHHELD}; request id r-1`],
    ],
    [
      'of a library keeps its name',
      failure({ name: 'CredentialsProviderError' }),
      ['CredentialsProviderError', WITHHELD],
    ],
    [
      'of the daily quota says what it is',
      failure({ name: 'ThrottlingException' }, `Too many tokens per day: ${SECRET}`),
      [
        'DailyQuotaExceededError',
        `The account's tokens of the day are used up, for every model of this Region: ${WITHHELD}`,
      ],
    ],
    [
      'of an answer that is cut says so much',
      failure({ name: 'SyntaxError', $metadata: { httpStatusCode: 200 } }, `Unterminated string in JSON: ${SECRET}`),
      ['ModelConnectionError', `${MODEL}: no answer from Bedrock (HTTP 200: SyntaxError: ${WITHHELD})`],
    ],
    [
      'of the network keeps its code',
      failure({ code: 'ECONNRESET' }),
      ['ModelConnectionError', `${MODEL}: no answer from Bedrock (ECONNRESET: ${WITHHELD})`],
    ],
    ['that is none', SECRET, ['Error', WITHHELD]],
  ])('%s', (_, thrown, expected) => {
    const error = toPipelineError(thrown, MODEL, false) as Error;
    expect([error.name, error.message]).toEqual(expected);
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain(SECRET);
  });

  test('of our own is worded without content, and stays', () => {
    const error = new EmptyResponseError(`${MODEL} answered without text (stopReason end_turn)`);
    expect(toPipelineError(error, MODEL, false)).toBe(error);
  });
});
