import { afterAll, describe, expect, test } from '@jest/globals';
import { FAULT_NAMES, type FaultName, parseFault } from '../../../local/bedrock/faults.ts';
import { ask, failureOf, HAIKU_3_5, start, stopAll, UNCACHED } from './helpers.ts';

afterAll(stopAll);

const ALLOWED =
  'ThrottlingException, ModelTimeoutException, ModelErrorException, ModelNotReadyException, InternalServerException, ServiceUnavailableException, ValidationException, AccessDeniedException, ResourceNotFoundException, DailyQuota, EmptyResponse, GuardrailIntervened, ConnectionReset';

describe('parseFault', () => {
  test('reads every name, with and without a count', () => {
    expect(FAULT_NAMES.join(', ')).toBe(ALLOWED);
    for (const name of FAULT_NAMES) expect(parseFault(name)).toEqual({ name, count: 1 });
    expect(parseFault('DailyQuota:12')).toEqual({ name: 'DailyQuota', count: 12 });
  });

  test.each(['', 'Throttling', 'throttlingexception', 'toString', ':2'])('refuses the name of "%s"', (text) => {
    const given = text === ':2' ? '' : text;
    expect(() => parseFault(text)).toThrow(new RangeError(`Unknown fault "${given}": allowed are ${ALLOWED}`));
  });

  test.each(['', '0', '-1', '1.5', '2x', '1e3', ' 2', '99999999999999999999'])('refuses the count "%s"', (count) => {
    expect(() => parseFault(`DailyQuota:${count}`)).toThrow(
      new RangeError(`Count "${count}" of fault DailyQuota: allowed is a whole number of at least 1`),
    );
  });
});

describe('a fault that is asked for', () => {
  const unexpected = 'The system encountered an unexpected error during processing. Try your request again.';
  test.each<[FaultName, string, number, string]>([
    ['ThrottlingException', 'ThrottlingException', 429, 'Too many requests, please wait before trying again.'],
    [
      'ModelTimeoutException',
      'ModelTimeoutException',
      408,
      'Model has timed out in processing the request. Try your request again.',
    ],
    ['ModelErrorException', 'ModelErrorException', 424, unexpected],
    [
      'ModelNotReadyException',
      'ModelNotReadyException',
      429,
      'Model is not ready for inference. Try your request again.',
    ],
    ['InternalServerException', 'InternalServerException', 500, unexpected],
    ['ServiceUnavailableException', 'ServiceUnavailableException', 503, 'Bedrock is unable to process your request.'],
    ['ValidationException', 'ValidationException', 400, 'The stand-in was asked to refuse this request.'],
    [
      'AccessDeniedException',
      'AccessDeniedException',
      403,
      "You don't have access to the model with the specified model ID.",
    ],
    ['ResourceNotFoundException', 'ResourceNotFoundException', 404, 'The specified resource was not found.'],
    ['DailyQuota', 'ThrottlingException', 429, 'Too many tokens per day, please wait before trying again.'],
  ])('%s fails one call, and the next succeeds', async (fault, name, status, message) => {
    const standIn = await start({ faults: [{ name: fault, count: 1 }] });
    expect(await failureOf(standIn.client.send(ask('hi')))).toEqual({ name, status, message });
    expect((await standIn.client.send(ask('hi'))).stopReason).toBe('end_turn');
  });

  test('EmptyResponse is an answer without text', async () => {
    const standIn = await start({ faults: [{ name: 'EmptyResponse', count: 1 }] });
    const { output, stopReason, usage } = await standIn.client.send(ask('hi'));
    expect(output).toEqual({ message: { role: 'assistant', content: [] } });
    expect(stopReason).toBe('end_turn');
    expect(usage).toEqual({ inputTokens: 1, outputTokens: 0, totalTokens: 1, ...UNCACHED });
  });

  test('EmptyResponse does not make a bad request good', async () => {
    const standIn = await start({ faults: [{ name: 'EmptyResponse', count: 1 }] });
    const { name } = await failureOf(standIn.client.send(ask('hi', { modelId: HAIKU_3_5 })));
    expect(name).toBe('ResourceNotFoundException');
  });

  test('ConnectionReset ends the connection without an answer', async () => {
    const standIn = await start({ faults: [{ name: 'ConnectionReset', count: 1 }] });
    await expect(standIn.client.send(ask('hi'))).rejects.toThrow(/read ECONNRESET$/);
    expect((await standIn.client.send(ask('hi'))).stopReason).toBe('end_turn');
  });
});

test('faults come in the order in which they were asked for, each as often as its count', async () => {
  const standIn = await start({ faults: [{ name: 'ModelTimeoutException', count: 2 }] });
  standIn.addFault({ name: 'DailyQuota', count: 1 });
  const names: string[] = [];
  for (let call = 0; call < 3; call += 1) names.push((await failureOf(standIn.client.send(ask('hi')))).name);
  expect(names).toEqual(['ModelTimeoutException', 'ModelTimeoutException', 'ThrottlingException']);
  expect((await standIn.client.send(ask('hi'))).stopReason).toBe('end_turn');
});
